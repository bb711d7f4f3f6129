package dev.tributary.transforms;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.FieldPath;
import dev.tributary.common.metrics.Metrics;
import dev.tributary.transforms.sequence.EventFits;
import dev.tributary.transforms.sequence.Sequence;
import dev.tributary.transforms.sequence.SequencePlan;
import dev.tributary.transforms.sequence.Sequences;
import dev.tributary.transforms.state.Usage;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.connect.connector.ConnectRecord;

/** What {@link SequenceFlag} computes. */
final class SequenceComputation implements Computation<Sequences> {
  private final SequencePlan plan;
  private final int maxKeys;
  private final List<FieldPath> fields;
  private final SequenceFields output;

  /** Filled anew for each event. */
  private final EventFits fits;

  private final Sequence[] found;

  /**
   * @param maxKeys how many keys a partition's state holds at most; 0 for as many as there are
   */
  SequenceComputation(SequencePlan plan, int maxKeys, SequenceFields output) {
    this.plan = plan;
    this.maxKeys = maxKeys;
    this.fields = plan.fields().stream().map(FieldPath::parse).toList();
    this.output = output;
    this.fits = new EventFits(plan);
    this.found = new Sequence[plan.patterns().size()];
  }

  @Override
  public Sequences newState(Usage usage) {
    return new Sequences(plan, maxKeys, usage);
  }

  @Override
  public int format() {
    return 1;
  }

  @Override
  public OptionalLong reachMs() {
    return OptionalLong.of(plan.reachMs());
  }

  @Override
  public void read(ChangeEvent event, ConnectRecord<?> record) {
    for (int i = 0; i < fields.size(); i++) {
      fits.set(i, Numbers.plain(fields.get(i).get(event)));
    }
    fits.check();
  }

  @Override
  public void addReading(List<Object> reading, ChangeEvent event, ConnectRecord<?> record) {
    fields.forEach(field -> reading.add(Numbers.plain(field.get(event))));
  }

  @Override
  public Object[] update(Sequences state, Object key, long timeMs, ChangeEvent event) {
    state.update(key, timeMs, fits, found);
    return output.of(event, found);
  }

  @Override
  public void absorb(Sequences state, Object key, long timeMs) {
    state.update(key, timeMs, fits, found);
  }

  @Override
  public Object[] current(Sequences state, Object key, long timeMs, ChangeEvent event) {
    state.current(key, timeMs, fits, found);
    return output.of(event, found);
  }

  @Override
  public void show(Metrics.Builder metrics, Usage usage) {
    metrics
        .count("Events", "Events kept for what may come before them", usage::events)
        .count(
            "Dropped",
            "Events out of order left out of a pattern, as more than max.events were newer",
            usage::dropped);
  }
}
