package dev.tributary.redis.encode;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.redis.command.Expiry;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * How long what a record writes lives: until the time that the record names, else for as long as it
 * says, else for as long as all do.
 */
public final class ExpiryRule {
  private final Expiry usual;
  private final Optional<KeyTemplate> at;
  private final Optional<KeyTemplate> ttl;
  private final Function<String, Duration> durations;

  /**
   * A rule.
   *
   * @param usual where the record itself says nothing
   * @param at where the record says until when
   * @param ttl where the record says for how long; zero stands for ever
   * @param durations reads durations; throws IllegalArgumentException
   */
  public ExpiryRule(
      Expiry usual,
      Optional<KeyTemplate> at,
      Optional<KeyTemplate> ttl,
      Function<String, Duration> durations) {
    this.usual = usual;
    this.at = at;
    this.ttl = ttl;
    this.durations = durations;
  }

  Expiry of(SinkRecord record, ChangeEvent event, ValueEncoder values) {
    if (at.isPresent()) {
      Optional<byte[]> until = at.get().renderIfPresent(record, event, values);
      if (until.isPresent()) {
        return Expiry.at(Times.epochMillis("the time of expiry", until.get()));
      }
    }
    if (ttl.isPresent()) {
      Optional<byte[]> length = ttl.get().renderIfPresent(record, event, values);
      if (length.isPresent()) {
        return in(Bytes.text(length.get()));
      }
    }
    return usual;
  }

  private Expiry in(String text) {
    Duration length;
    try {
      length = durations.apply(text);
    } catch (IllegalArgumentException e) {
      // without the cause, whose message quotes the value
      throw new UnwritableRecordException(
          "the time to live is neither a number of seconds nor a duration such as 30m or 7d");
    }
    return length.isZero() ? Expiry.NEVER : Expiry.in(length.toMillis());
  }
}
