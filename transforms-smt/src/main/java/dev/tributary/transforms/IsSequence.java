package dev.tributary.transforms;

import dev.tributary.common.Versions;
import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.FieldPath;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.transforms.predicates.Predicate;

/**
 * True for a record that completes a pattern of {@link SequenceFlag}: its field {@code is_sequence}
 * is true. For Connect's own Filter; with {@code negate=true} it leaves nothing but those.
 *
 * @param <R> a sink's or a source's records
 */
public final class IsSequence<R extends ConnectRecord<R>> implements Predicate<R>, Versioned {
  private FieldPath field = FieldPath.parse(SequenceFields.IS_SEQUENCE);

  /** For Connect. */
  public IsSequence() {}

  @Override
  public boolean test(R record) {
    return Boolean.TRUE.equals(field.get(ChangeEvent.of(record)));
  }

  @Override
  public ConfigDef config() {
    return PrefixConfig.ofPredicate();
  }

  @Override
  public String version() {
    return Versions.of(getClass());
  }

  @Override
  public void configure(Map<String, ?> settings) {
    field = FieldPath.parse(PrefixConfig.ofPredicate(settings) + SequenceFields.IS_SEQUENCE);
  }

  @Override
  public void close() {}
}
