package dev.tributary.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.demo.Pipeline;
import dev.tributary.demo.check.Check;
import dev.tributary.demo.load.ShopLoad;
import dev.tributary.stack.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The main job on rows without an envelope: features and mirrors of them are those of change
 * events.
 */
class RowFormatIT {
  private static final Path ROOT = Path.of(System.getProperty("tributary.root"));
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void theWholeJobRunsOnRows() throws Exception {
    try (Pipeline pipeline =
        Pipeline.start(ROOT, RowFormatIT::tell, Map.of(), RowFormatIT::onRows)) {
      pipeline.createShop(50);
      pipeline.registerConnectors();
      try (ShopLoad load =
          new ShopLoad(
              pipeline.stack().postgres().jdbcUrl(), new ShopLoad.Settings(50, 300, 2, 1))) {
        load.start();
        Await.until("1000 changes", PATIENCE, load::changes, done -> done >= 1000);
        load.stop();
        List<Check> checks = pipeline.drain(load.wildEvents(), PATIENCE);
        assertThat(checks)
            .allSatisfy(check -> assertThat(check.differences()).as(check.what()).isEmpty())
            .allSatisfy(check -> assertThat(check.expected()).as(check.what()).isPositive());
      }
    }
  }

  private static void tell(String line) {
    System.out.println(line);
  }

  private static Map<String, String> onRows(Map<String, String> config) {
    Map<String, String> adapted = new HashMap<>(config);
    if (config.get("connector.class").endsWith("PgLogicalSourceConnector")) {
      adapted.put("output.format", "row");
      adapted.put("add.fields", "op,lsn,table");
      adapted.put("delete.tombstone.handling.mode", "rewrite");
    }
    return adapted;
  }
}
