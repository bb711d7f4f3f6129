package dev.tributary.transforms.chain;

import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.errors.DataException;

/**
 * A member whose state is the list of all values it has seen, and which writes that list into the
 * record. The value "drop" is dropped, "bad" is refused.
 */
final class Journal implements Stateful<List<Object>>, Storable<List<Object>> {
  private final String name;
  private final OptionalLong reachMs;

  Journal(String name) {
    this(name, OptionalLong.empty());
  }

  Journal(String name, OptionalLong reachMs) {
    this.name = name;
    this.reachMs = reachMs;
  }

  @Override
  public String describe() {
    return name;
  }

  @Override
  public List<Object> newState(TopicPartition partition) {
    return new ArrayList<>();
  }

  @Override
  public <R extends ConnectRecord<R>> R process(R record, List<Object> state) {
    if (record.value().equals("bad")) {
      throw new DataException("bad record");
    }
    state.add(record.value());
    return record.value().equals("drop") ? null : written(record, state);
  }

  @Override
  public <R extends ConnectRecord<R>> void absorb(R record, List<Object> state) {
    process(record, state);
  }

  @Override
  public <R extends ConnectRecord<R>> R repeat(R record, List<Object> state) {
    return written(record, state);
  }

  private <R extends ConnectRecord<R>> R written(R record, List<Object> state) {
    return record.newRecord(
        record.topic(),
        record.kafkaPartition(),
        null,
        null,
        null,
        name + state,
        record.timestamp());
  }

  @Override
  public int format() {
    return 1;
  }

  @Override
  public void write(List<Object> state, StateOutput out) {
    out.value(state);
  }

  @Override
  public void read(StateInput in, List<Object> fresh) {
    fresh.addAll((List<?>) in.value());
  }

  @Override
  public Object reading(ConnectRecord<?> record) {
    return String.valueOf(record.value());
  }

  @Override
  public OptionalLong eventTime(ConnectRecord<?> record) {
    return record.value().equals("no event")
        ? OptionalLong.empty()
        : OptionalLong.of(record.timestamp());
  }

  @Override
  public OptionalLong reachMs() {
    return reachMs;
  }
}
