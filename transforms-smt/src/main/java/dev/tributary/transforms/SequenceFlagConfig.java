package dev.tributary.transforms;

import dev.tributary.common.config.Validators;
import dev.tributary.common.event.FieldPath;
import dev.tributary.common.event.Operation;
import dev.tributary.transforms.chain.RestoreConfig;
import dev.tributary.transforms.chain.RestoreSettings;
import dev.tributary.transforms.sequence.PatternParser;
import dev.tributary.transforms.sequence.SequencePlan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

/** The settings of {@link SequenceFlag}. */
public final class SequenceFlagConfig extends AbstractConfig {
  static final String PATTERNS = "patterns";
  static final String GRACE = "grace";
  static final String MAX_EVENTS = "max.events";

  private static final String GROUP = "Patterns";
  private static final long LONGEST_WITHIN = -1;

  /** All settings. */
  public static final ConfigDef CONFIG_DEF =
      RestoreConfig.addTo(patterns(EventTimeConfig.addTo(EventConfig.addTo(new ConfigDef()))));

  SequenceFlagConfig(Map<String, ?> settings) {
    super(CONFIG_DEF, settings);
  }

  private static ConfigDef patterns(ConfigDef def) {
    def.define(
            PATTERNS,
            ConfigDef.Type.STRING,
            ConfigDef.NO_DEFAULT_VALUE,
            Validators.parsedBy(
                "patterns such as card_testing = small: amount < 10 then large: amount > 1000"
                    + " within 10m",
                PatternParser::parse),
            ConfigDef.Importance.HIGH,
            "The patterns to find, separated by commas: NAME = EVENT then EVENT ... within"
                + " DURATION. EVENT is a name, a colon and a condition, as behind 'where' in"
                + " WindowedFeatures; 'failed 3 times: CONDITION' stands for three of them, and"
                + " 'failed 3 times in a row: CONDITION' for three with nothing in between. 'then'"
                + " lets other events of the key lie in between, 'next' does not. 'within' says how"
                + " much later than the first event the last one is still in time: by less than"
                + " that.",
            GROUP,
            1,
            ConfigDef.Width.LONG,
            "Patterns")
        .define(
            GRACE,
            ConfigDef.Type.STRING,
            "",
            Validators.parsedBy(
                "empty, or a duration such as 500ms, 30s, 5m, 1h or 7d",
                EventTimeConfig::durationOrNull),
            ConfigDef.Importance.MEDIUM,
            "An event that is older than the newest one of its partition by more than this is"
                + " late: it is in no sequence. Others that come out of order are put where their"
                + " time says. Empty for the longest 'within'.",
            GROUP,
            2,
            ConfigDef.Width.SHORT,
            "Grace")
        .define(
            MAX_EVENTS,
            ConfigDef.Type.INT,
            1_000,
            Validators.of("from 1 to 1000000", ConfigDef.Range.between(1, 1_000_000)),
            ConfigDef.Importance.LOW,
            "How many events are kept at most, per key and pattern, as one that is out of order may"
                + " belong between them. One that comes behind more newer ones than that is left"
                + " out of the pattern (and counted in JMX). Events in order find every sequence"
                + " whatever this is.",
            GROUP,
            3,
            ConfigDef.Width.SHORT,
            "Events kept");
    MaxKeysConfig.addTo(
        def,
        GROUP,
        4,
        "event of a pattern",
        "Keys are let go of by themselves once none of their events can be in a sequence any"
            + " more.");
    return PrefixConfig.addTo(def, GROUP, 5);
  }

  List<FieldPath> key() {
    return EventConfig.paths(this, EventConfig.KEY);
  }

  Set<Operation> operations() {
    return EventConfig.operations(this);
  }

  EventConfig.MissingKey missingKey() {
    return EventConfig.missingKey(this);
  }

  EventClock clock() {
    return EventTimeConfig.clock(this);
  }

  SequencePlan plan() {
    Duration grace = EventTimeConfig.durationOrNull(getString(GRACE));
    return new SequencePlan(
        PatternParser.parse(getString(PATTERNS)),
        grace == null ? LONGEST_WITHIN : grace.toMillis(),
        getInt(MAX_EVENTS));
  }

  int maxKeys() {
    return MaxKeysConfig.of(this);
  }

  String prefix() {
    return PrefixConfig.of(this);
  }

  RestoreSettings restore() {
    return RestoreConfig.of(this);
  }
}
