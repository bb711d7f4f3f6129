package dev.tributary.transforms;

import dev.tributary.common.config.Durations;
import dev.tributary.common.config.Validators;
import dev.tributary.common.event.FieldPath;
import dev.tributary.common.time.EpochUnit;
import dev.tributary.transforms.chain.RestoreConfig.Choices;
import java.time.Duration;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

/** The settings that say when an event happened. */
final class EventTimeConfig {
  static final String EVENT_TIME = "event.time";
  static final String EVENT_TIME_UNIT = "event.time.unit";
  static final String MAX_FUTURE = "max.future";

  private EventTimeConfig() {}

  static ConfigDef addTo(ConfigDef def) {
    return def.define(
            EVENT_TIME,
            ConfigDef.Type.STRING,
            "",
            Validators.parsedBy("empty, or a field path such as ts", EventTimeConfig::pathOrNull),
            ConfigDef.Importance.HIGH,
            "The field that says when an event happened, such as ts: any of Connect's and"
                + " Debezium's time types, text in ISO 8601 or as Postgres writes it (UTC if it"
                + " names no zone), or a number. Empty for the record's timestamp.",
            EventConfig.GROUP,
            4,
            ConfigDef.Width.MEDIUM,
            "Event time field")
        .define(
            EVENT_TIME_UNIT,
            ConfigDef.Type.STRING,
            "auto",
            Validators.oneOf(EpochUnit.class),
            ConfigDef.Importance.LOW,
            "What a bare number in that field counts since 1970: s, ms, us or ns. 'auto' tells it"
                + " by magnitude (below 10^11 s, below 10^14 ms, below 10^17 us, else ns), which"
                + " is right from March 1973 on.",
            EventConfig.GROUP,
            5,
            ConfigDef.Width.SHORT,
            "Event time unit",
            Choices.of("auto", "s", "ms", "us", "ns"))
        .define(
            MAX_FUTURE,
            ConfigDef.Type.STRING,
            "1h",
            Validators.duration(),
            ConfigDef.Importance.MEDIUM,
            "An event whose field says a time more than this after the record's own timestamp is"
                + " an error of this record: one wrong clock would make all later events late. A"
                + " restore reads the topic back by this much further. Records without a timestamp"
                + " are not checked.",
            EventConfig.GROUP,
            6,
            ConfigDef.Width.SHORT,
            "Furthest future");
  }

  static EventClock clock(AbstractConfig config) {
    return new EventClock(
        pathOrNull(config.getString(EVENT_TIME)),
        Validators.constant(EpochUnit.class, config.getString(EVENT_TIME_UNIT)),
        Durations.parse(config.getString(MAX_FUTURE)).toMillis());
  }

  static FieldPath pathOrNull(String text) {
    return text.isBlank() ? null : FieldPath.parse(text.trim());
  }

  static Duration durationOrNull(String text) {
    return text.isBlank() ? null : Durations.parse(text);
  }
}
