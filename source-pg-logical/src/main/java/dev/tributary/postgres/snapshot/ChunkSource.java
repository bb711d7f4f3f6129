package dev.tributary.postgres.snapshot;

import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.position.SnapshotPosition;
import dev.tributary.postgres.position.Tid;
import dev.tributary.postgres.snapshot.TableWork.Chunk;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/**
 * Hands out the parts of the tables, table by table in the order of their names, and keeps the
 * account of what is sent. Thread-safe.
 */
final class ChunkSource {
  private final TablePlanner planner;
  private final Iterator<Map.Entry<Integer, TableName>> tables;
  private final SnapshotProgress progress;
  private final Ledger ledger;
  private final Deque<Chunk> ready = new ArrayDeque<>();

  /**
   * @param tables by OID, in order
   */
  ChunkSource(
      TablePlanner planner,
      Map<Integer, TableName> tables,
      SnapshotPosition start,
      SnapshotProgress progress) {
    this.planner = planner;
    this.tables = tables.entrySet().iterator();
    this.progress = progress;
    ledger = new Ledger(start);
  }

  /** The next chunk; empty if there is none left. */
  synchronized Optional<Chunk> next() throws SQLException {
    while (ready.isEmpty() && tables.hasNext()) {
      Map.Entry<Integer, TableName> table = tables.next();
      TablePlanner.Plan plan = planner.plan(table.getKey(), progress);
      ledger.decide(table.getValue());
      plan.places().forEach(ledger::decide);
      plan.work().forEach(this::begin);
    }
    return Optional.ofNullable(ready.poll());
  }

  private void begin(TableWork work) {
    ledger.begin(work);
    for (int i = 0; i < work.chunks().size(); i++) {
      ready.add(new Chunk(work, i));
    }
  }

  /** See {@link Ledger#sent}. */
  synchronized void sent(Chunk chunk, Tid next) {
    ledger.sent(chunk, next);
    if (next == null && ledger.isDone(chunk.work().table())) {
      progress.tableDone();
    }
  }

  synchronized boolean isDone(TableName table) {
    return ledger.isDone(table);
  }

  synchronized SnapshotPosition position() {
    return ledger.position();
  }
}
