package dev.tributary.bench.prebuilt;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/** Hands out the same records again and again, in lists that are made at the start. */
public final class PrebuiltSourceTask extends SourceTask {
  private static final int BATCH = 2_048;
  private static final int BATCHES = 4;
  private static final long IDLE_MS = 100;

  private List<List<SourceRecord>> batches;
  private long left;
  private int next;

  @Override
  public void start(Map<String, String> properties) {
    AbstractConfig config = new AbstractConfig(PrebuiltSourceConnector.CONFIG_DEF, properties);
    ChangeRecords records =
        new ChangeRecords(
            config.getString(PrebuiltSourceConnector.TOPIC),
            config.getList(PrebuiltSourceConnector.COLUMNS),
            config.getBoolean(PrebuiltSourceConnector.BEFORE));
    batches = records.batches(BATCHES, BATCH);
    left = config.getLong(PrebuiltSourceConnector.RECORDS);
  }

  @Override
  public List<SourceRecord> poll() throws InterruptedException {
    if (left == 0) {
      Thread.sleep(IDLE_MS);
      return null;
    }
    List<SourceRecord> batch = batches.get(next++ % batches.size());
    int count = (int) Math.min(left, batch.size());
    left -= count;
    return count == batch.size() ? batch : batch.subList(0, count);
  }

  @Override
  public void stop() {}

  @Override
  public String version() {
    return "1";
  }
}
