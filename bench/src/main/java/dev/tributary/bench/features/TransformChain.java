package dev.tributary.bench.features;

import dev.tributary.transforms.WindowedFeatures;
import dev.tributary.transforms.ZScoreFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.transforms.Transformation;

/** The transforms that are measured, as a connector's config declares them. */
public final class TransformChain implements AutoCloseable {
  /** Three counts and a total, as the plugin's speed is promised for. */
  public static final String COUNTS =
      "c1 = count() over 1m, c5 = count() over 5m, c60 = count() over 1h, total = count() over all";

  private final List<Transformation<SinkRecord>> transforms = new ArrayList<>();

  private TransformChain() {}

  /** WindowedFeatures alone. */
  public static TransformChain features(String features, Map<String, String> more) {
    Map<String, String> config = new java.util.HashMap<>(more);
    config.put("key", "user_id");
    config.put("event.time", "ts");
    config.put("features", features);
    config.put("restore", "none");
    return new TransformChain().add(new WindowedFeatures<>(), config);
  }

  /** With ZScoreFlag on three fields over the last 100 values behind it. */
  public TransformChain zScores() {
    return add(
        new ZScoreFlag<>(),
        Map.of(
            "key", "user_id",
            "fields", "amount,engagement,c1",
            "window", "100",
            "restore", "none"));
  }

  private TransformChain add(Transformation<SinkRecord> transform, Map<String, String> config) {
    transform.configure(config);
    transforms.add(transform);
    return this;
  }

  /** Puts a record through all of them. */
  public SinkRecord apply(SinkRecord record) {
    SinkRecord result = record;
    for (Transformation<SinkRecord> transform : transforms) {
      result = transform.apply(result);
    }
    return result;
  }

  @Override
  public void close() {
    transforms.forEach(Transformation::close);
  }
}
