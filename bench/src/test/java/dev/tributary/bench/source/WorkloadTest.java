package dev.tributary.bench.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.PostgresServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkloadTest {
  @Test
  void eachMakesAsManyChangesAsItSays() throws Exception {
    try (PostgresServer server = PostgresServer.start();
        Database database = new Database(server)) {
      for (Map.Entry<String, Workload> workload :
          Map.of(
                  "events", Workload.events(),
                  "wide", Workload.wide(),
                  "full", Workload.fullUpdates(),
                  "one", Workload.oneTransaction())
              .entrySet()) {
        Workload work = workload.getValue();
        database.prepare(work, 1_000);
        database.createSlot(workload.getKey());
        database.change(work, 1_000);
        database.copySlot(workload.getKey(), "copy");
        int transactions = work.rowsPerTransaction() == 0 ? 1 : 10;
        // begin, commit and a relation in each transaction; a type or two with the relation
        assertThat(database.decode("copy"))
            .as(workload.getKey())
            .isGreaterThanOrEqualTo(1_000 + 2 * transactions)
            .isLessThan(1_000 + 10 * transactions);
        assertThat(database.text("SELECT count(*) FROM " + work.table())).isEqualTo("1000");
        assertThat(columns(database, work.table())).hasSize(work.shape().size());
        database.dropSlot("copy");
        database.dropSlot(workload.getKey());
        database.execute("DROP TABLE " + work.table());
      }
    }
  }

  private static List<String> columns(Database database, String table) throws Exception {
    return List.of(
        database
            .text(
                "SELECT string_agg(column_name, ',') FROM information_schema.columns WHERE table_name = '%s'"
                    .formatted(table))
            .split(",", -1));
  }
}
