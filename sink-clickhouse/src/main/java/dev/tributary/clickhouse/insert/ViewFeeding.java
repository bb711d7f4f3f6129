package dev.tributary.clickhouse.insert;

import com.clickhouse.client.api.query.GenericRecord;
import dev.tributary.clickhouse.client.ClickHouse;
import dev.tributary.clickhouse.error.Fault;
import dev.tributary.clickhouse.error.Faults;
import dev.tributary.clickhouse.table.Column;
import dev.tributary.clickhouse.table.Table;
import dev.tributary.clickhouse.table.Tables;
import dev.tributary.clickhouse.table.Views;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds materialized views the rows of an insert that they failed at. The table has its own rows by
 * then, so that the guard would leave them out from now on and the views would never see them: the
 * insert is made again, whole and under its token. That is done only where the server itself said
 * that a view failed, as it alone knows that the rows are the table's under this token and not by
 * another task's hand; and only while the table surely remembers the token. Where views may lack
 * rows that cannot be fed to them, it is told which.
 */
final class ViewFeeding {
  private static final Logger LOG = LoggerFactory.getLogger(ViewFeeding.class);

  private final ClickHouse server;
  private final Tables tables;
  private final SinkMetrics metrics;

  ViewFeeding(ClickHouse server, Tables tables, SinkMetrics metrics) {
    this.server = server;
    this.tables = tables;
    this.metrics = metrics;
  }

  /**
   * The step, with what the server tells of an insert that failed at a view: whether the table has
   * its rows, and in which block.
   */
  Step.Insert resolved(Lane lane, Step.Insert insert) {
    if (insert.past() != Step.Past.AT_VIEW) {
      return insert;
    }
    Optional<Table> table = tables.find(lane.name());
    if (table.isEmpty() || lane.notHeld(table.get(), insert).count() > 0) {
      return insert.with(Step.Past.UNKNOWN);
    }
    GenericRecord row = server.query(InsertStatement.blockOf(table.get(), insert.ranges())).get(0);
    return insert.with(new Step.Past.Written(row.getLong("block"), row.getLong("seconds"), true));
  }

  /**
   * The statement that feeds the views; empty where there is nothing to feed, or no way to, any
   * more, and the step is gone.
   *
   * @throws ConnectException if views could get rows twice
   */
  Optional<String> statement(Lane lane, Step.Insert insert) {
    List<Column> columns = insert.rows().columns();
    Optional<Table> table = tables.find(lane.name()).filter(found -> found.holdsAllOf(columns));
    Views views = tables.views(lane.name());
    Step.Past.Written past = (Step.Past.Written) insert.past();
    if (table.isEmpty() || !views.exist()) {
      lane.backlog().replaceNext(List.of());
      if (views.exist()) {
        LOG.error("{}", lack(lane, insert, "the table was altered since"));
      }
      return Optional.empty();
    }
    if (!views.canBeFedAgain(past.told())) {
      throw giveUp(lane, insert, noWindow(past));
    }
    return Optional.of(InsertStatement.repeated(table.get(), columns, past, views.window()));
  }

  private static String noWindow(Step.Past.Written past) {
    return (past.told() ? "" : "the answer to an attempt was lost, and ")
        + "the table, or one that a view writes into, has no deduplication window"
        + " (non_replicated_deduplication_window)";
  }

  /**
   * Acts on the failure of an insert that feeds views, or of which the server says that a view
   * failed, which is never the fault of a record: the insert is made again until the view works.
   *
   * @return that, or why it cannot be done
   */
  RuntimeException failed(Lane lane, Step.Insert insert, RuntimeException e) {
    if (insert.past() instanceof Step.Past.Written) {
      return failedAgain(lane, insert, e);
    }
    if (!lane.tracksOffsets()) {
      return again(lane, insert.withAttempt(), e);
    }
    // so that it is asked before the next attempt if the question fails now
    Step.Insert failed = insert.with(Step.Past.AT_VIEW);
    lane.backlog().replaceNext(List.of(failed));
    return again(lane, resolved(lane, failed), e);
  }

  private RuntimeException failedAgain(Lane lane, Step.Insert insert, RuntimeException e) {
    if (Faults.isForgotten(e)) {
      return giveUp(
          lane,
          insert,
          "so much was inserted since, or so long ago is it, that the table may not know the insert"
              + " any more, or deduplication is switched off by a setting");
    }
    Fault fault = Faults.classify(e);
    if (Faults.isOfView(e) || fault == Fault.REFRESH) {
      return again(lane, insert, e);
    }
    if (fault != Fault.RETRY) {
      return giveUp(lane, insert, Faults.describe(e));
    }
    boolean told = Faults.code(e) != 0;
    lane.backlog().replaceNext(List.of(told ? insert : insert.withAttempt()));
    metrics.retried();
    return e;
  }

  private RuntimeException again(Lane lane, Step.Insert insert, RuntimeException e) {
    if (insert.past() instanceof Step.Past.Written past
        && !tables.views(lane.name()).canBeFedAgain(past.told())) {
      return giveUp(lane, insert, noWindow(past) + "; the failure: " + Faults.describe(e));
    }
    metrics.retried();
    lane.backlog().replaceNext(List.of(insert));
    return new ViewFailedException(
        "a materialized view on table "
            + lane.sqlName()
            + " fails: "
            + Faults.describe(e)
            + ". The insert is made again until the view works (first row: "
            + insert.firstRow()
            + ")",
        e);
  }

  /** Tells that views may lack rows of an insert, as it was made without an answer. */
  void mayLack(Lane lane, Step.Insert insert) {
    if (tables.views(lane.name()).exist()) {
      LOG.warn(
          "Table {} has rows of an insert whose answer was lost. Materialized views on it have them"
              + " too, unless one failed at them or the server ended in between: {}",
          lane.sqlName(),
          insert.offsets());
    }
  }

  /** Tells what views lack, as the task ends. */
  void stop(Lane lane) {
    lane.backlog()
        .inserts()
        .filter(Step.Insert::isForViews)
        .forEach(insert -> LOG.error("{}", lack(lane, insert, "the task ended before")));
  }

  private static ConnectException giveUp(Lane lane, Step.Insert insert, String reason) {
    lane.backlog().replaceNext(List.of());
    return new ConnectException(lack(lane, insert, reason));
  }

  private static String lack(Lane lane, Step.Insert insert, String reason) {
    return "Table "
        + lane.sqlName()
        + " has the rows of an insert that a materialized view on it failed at, and cannot be made to"
        + " feed the view by itself: "
        + reason
        + ". Mend the view, and insert into its table what its query makes of these rows (see docs,"
        + " Materialized views): "
        + insert.offsets();
  }
}
