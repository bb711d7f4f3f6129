package dev.tributary.transforms;

import dev.tributary.common.Versions;
import dev.tributary.transforms.chain.Membership;
import dev.tributary.transforms.sequence.SequencePlan;
import dev.tributary.transforms.sequence.Sequences;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.transforms.Transformation;

/**
 * Flags events that complete a pattern: events of one key that follow each other, such as {@code
 * card_testing = small: amount < 10 then large: amount > 1000 within 10m}.
 *
 * <p><b>Order.</b> The events of a key are taken in the order of their times; those of the same
 * time as they stand in their partition. {@code then} asks for a later event in that order, {@code
 * next} for the very next one of the key. An event that is no operation of {@code operations}, has
 * no key or is late is none in that order.
 *
 * <p><b>What is a sequence.</b> For an event e at time t, the key's events that stand at or before
 * it in its partition and whose place in that order is not behind e's. E completes a pattern if
 * some of them, one after the other, fit its steps, the last one is e itself, and the first one's
 * time is in (t - within, t]: with {@code within 10m} an event exactly 10 minutes ago is none any
 * more, as in a window of 10m. One event is one step of a sequence at most, but may be in many
 * sequences: nothing is used up, so that after a small amount each large one within 10 minutes
 * completes the pattern.
 *
 * <p><b>What is told.</b> Each record tells a pattern that it completes once. Of all sequences that
 * end with it the one whose events are the latest, each of them the latest possible.
 *
 * <p><b>Out of order.</b> An event out of order is seen from its own time: what is newer does not
 * count in it. It takes its place for those that come after it; what was told before stands. So if
 * the first event of a pattern comes after the last one, no record tells that sequence. An event
 * older than the newest of its partition by more than {@code grace} is late: it completes nothing
 * and is in no sequence. One that comes again changes nothing, and tells what it told the first
 * time.
 *
 * <p><b>Bounds.</b> A key holds one sequence per step of a pattern, as that is all that can matter,
 * and the events of the last {@code grace}, as others may belong between them: per pattern {@code
 * max.events} at most. An event that comes behind more newer ones than that is left out. Keys whose
 * events are too old for any sequence hold nothing.
 *
 * <p><b>What comes out</b> is flat, as with {@link WindowedFeatures}: the row, {@code is_sequence}
 * (boolean), {@code sequences} (array of pattern, events: the names of the steps, times: when they
 * were) and {@code total_sequences} (INT32: how many patterns this record completes).
 *
 * <p><b>After a start, a rebalance or a rewind</b> the state is made from the topic again, as far
 * as the longest {@code within} and the grace reach; behind a {@link WindowedFeatures} or {@link
 * ZScoreFlag} all of them together.
 *
 * @param <R> a sink's or a source's records
 */
public final class SequenceFlag<R extends ConnectRecord<R>>
    implements Transformation<R>, Versioned {
  private final Membership<Sequences> membership = new Membership<>(SequenceFlag::configured);

  /** For Connect. */
  public SequenceFlag() {}

  @Override
  public void configure(Map<String, ?> settings) {
    membership.configure(settings);
  }

  @Override
  public R apply(R record) {
    return membership.apply(record);
  }

  @Override
  public ConfigDef config() {
    return SequenceFlagConfig.CONFIG_DEF;
  }

  @Override
  public String version() {
    return Versions.of(getClass());
  }

  @Override
  public void close() {
    membership.close();
  }

  private static Membership.Configured<Sequences> configured(Map<String, ?> settings) {
    SequenceFlagConfig config = new SequenceFlagConfig(settings);
    return new Membership.Configured<>(logic(config), config.restore());
  }

  static EventLogic<Sequences> logic(SequenceFlagConfig config) {
    SequencePlan plan = config.plan();
    String first = plan.patterns().get(0).name();
    SequenceFields output = new SequenceFields(plan.patterns(), config.prefix());
    return new EventLogic<>(
        new Label("SequenceFlag", "sequence-flag", "patterns", first),
        new EventReader(config.key(), config.operations(), config.missingKey()),
        config.clock(),
        new SequenceComputation(plan, config.maxKeys(), output),
        new MergedRows(output.declared()));
  }
}
