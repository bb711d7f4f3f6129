package dev.tributary.clickhouse.insert;

import dev.tributary.clickhouse.client.ClickHouse;
import dev.tributary.clickhouse.config.SinkConfig;
import dev.tributary.clickhouse.error.Fault;
import dev.tributary.clickhouse.error.Faults;
import dev.tributary.clickhouse.table.Column;
import dev.tributary.clickhouse.table.Table;
import dev.tributary.clickhouse.table.Tables;
import dev.tributary.clickhouse.table.Views;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes single steps, and acts on what the server says to them. */
final class Steps {
  private static final Logger LOG = LoggerFactory.getLogger(Steps.class);

  private final SinkConfig config;
  private final String connector;
  private final ClickHouse server;
  private final Tables tables;
  private final Rejects rejects;
  private final SinkMetrics metrics;
  private final LongSupplier nanoTime;
  private boolean toldDivided;
  private Boolean guards;

  Steps(
      SinkConfig config,
      String connector,
      ClickHouse server,
      Tables tables,
      Rejects rejects,
      SinkMetrics metrics,
      LongSupplier nanoTime) {
    this.metrics = metrics;
    this.nanoTime = nanoTime;
    this.config = config;
    this.connector = connector;
    this.server = server;
    this.tables = tables;
    this.rejects = rejects;
  }

  /**
   * Takes a lane's next step: begins an insert, which {@link #finish} ends, or does anything else
   * at once.
   *
   * @throws TableChangedException if the table is to be looked at anew first
   * @throws ConnectException if nothing the task can do will help
   */
  void begin(Lane lane, Step step) {
    if (step instanceof Step.Insert insert) {
      begin(lane, insert);
    } else if (step instanceof Step.Truncate truncate) {
      truncate(lane, truncate);
    }
  }

  private void truncate(Lane lane, Step.Truncate truncate) {
    try {
      if (truncate.acrossPartitions()) {
        // first, so that whoever writes an older row after the emptying finds the word
        tables.tellEmptied(lane.table(), truncate.version());
      }
      tables.truncate(lane.table(), truncate.version());
    } catch (RuntimeException e) {
      throw changedOr(lane, e);
    }
    lane.backlog().replaceNext(List.of());
  }

  /** A failure that tells that the lane's table is not what it was, as such; others as they are. */
  static RuntimeException changedOr(Lane lane, RuntimeException e) {
    boolean changed = !(e instanceof ConnectException) && Faults.classify(e) == Fault.REFRESH;
    return changed ? new TableChangedException(lane, e) : e;
  }

  private void begin(Lane lane, Step.Insert whole) {
    boolean once = lane.tracksOffsets();
    boolean repeated = whole.past() == Step.Past.WRITTEN;
    boolean guarded = once && lane.table().insertsInBlocks() && guards();
    // without the guard, an insert whose answer was lost is told by what the table holds
    boolean ask = whole.past() == Step.Past.UNKNOWN && once && !guarded;
    Step.Insert insert = ask ? lane.notHeld(whole) : whole;
    if (insert.count() == 0) {
      lane.backlog().replaceNext(List.of());
      return;
    }
    Table table = lane.table();
    String statement = statement(table, insert, guarded);
    String token = lane.rules().mirrors() ? null : insert.token(connector);
    lane.backlog().replaceNext(List.of(insert));
    lane.backlog()
        .isUnderWay(
            new InFlight(
                insert,
                server.begin(statement, token, table.hasJson(), insert::writeTo),
                guarded && !repeated,
                nanoTime.getAsLong()));
  }

  private static String statement(Table table, Step.Insert insert, boolean guarded) {
    List<Column> columns = insert.rows().columns();
    if (guarded) {
      return insert.past() == Step.Past.WRITTEN
          ? InsertStatement.repeated(table, columns, insert.ranges().keySet())
          : InsertStatement.guarded(table, columns, insert.ranges());
    }
    return table.hasTypesOf(columns)
        ? InsertStatement.plain(table, columns)
        : InsertStatement.casting(table, columns);
  }

  /** Whether the server lets the user see what it is running; asked once. */
  private boolean guards() {
    if (guards == null) {
      try {
        server.query("SELECT count() AS n FROM system.processes WHERE query_id = ''");
        guards = config.insertGuard();
      } catch (RuntimeException e) {
        if (Faults.code(e) != Faults.ACCESS_DENIED) {
          throw e;
        }
        LOG.warn(
            "User '{}' may not read system.processes, so that inserts are not guarded: a task that"
                + " lost its partitions could still write rows that their new owner writes as well."
                + " GRANT SELECT ON system.processes TO the user, or set insert.guard to false",
            config.username());
        guards = false;
      }
    }
    return guards;
  }

  /**
   * Ends a lane's insert, whose answer is there; the step is gone then, or has become smaller ones.
   *
   * @throws TableChangedException if the table is to be looked at anew first
   * @throws ConnectException if nothing the task can do will help
   */
  void finish(Lane lane) {
    InFlight done = lane.backlog().noLongerUnderWay();
    Step.Insert insert = done.insert();
    try {
      done.pending().await();
      long written = done.pending().writtenRows();
      long duplicates = done.guarded() ? Math.max(0, insert.count() - written) : 0;
      metrics.inserted(
          insert.count(), duplicates, insert.bytes(), nanoTime.getAsLong() - done.startedNanos());
      lane.emptyAnew();
      lane.backlog().replaceNext(List.of());
    } catch (RuntimeException e) {
      // where an answer was lost before, the rows that are there tell nothing of this attempt
      if (lane.tracksOffsets() && insert.past() != Step.Past.UNKNOWN && Faults.isOfStatement(e)) {
        failIfWritten(lane, insert, e);
      }
      switch (Faults.classify(e)) {
        case RETRY -> {
          metrics.retried();
          lane.backlog().replaceNext(List.of(insert.withAttempt()));
          throw e;
        }
        case REFRESH -> throw new TableChangedException(lane, e);
        case ISOLATE -> isolate(lane, insert, e);
        case DIVIDE -> divide(lane, insert, e);
        case STOP -> throw refused(lane, insert, e);
      }
    }
  }

  /**
   * The table's own rows are written before its views are fed. Where it has them all, what failed
   * is a view: the rows are good, and would be left out as held from now on, so that the views
   * would never see them.
   */
  private void failIfWritten(Lane lane, Step.Insert insert, RuntimeException e) {
    // whatever comes of the questions
    lane.backlog().replaceNext(List.of(insert.withAttempt()));
    Views views = tables.views(lane.table());
    if (!views.exist() || lane.notHeld(insert).count() > 0) {
      return;
    }
    metrics.retried();
    String failure =
        "a materialized view on table " + lane.sqlName() + " fails: " + Faults.describe(e);
    if (views.canBeFedAgain()) {
      lane.backlog().replaceNext(List.of(insert.butViews()));
      throw new ViewFailedException(
          failure
              + ". The table has the rows already; the view gets them, too, once it works (first row: "
              + coordinates(insert)
              + ")",
          e);
    }
    throw new ConnectException(
        "The rows are written, but "
            + failure
            + ". What the view makes of them is missing, and cannot be made up for by itself, as the"
            + " table, or one that another view on it writes into, has no deduplication window"
            + " (non_replicated_deduplication_window). Mend the view, insert into its table what it"
            + " makes of these rows, and restart the task: "
            + insert.ranges().entrySet().stream()
                .map(
                    range ->
                        "topic '"
                            + range.getKey().topic()
                            + "', partition "
                            + range.getKey().partition()
                            + ", offsets "
                            + range.getValue()[0]
                            + " to "
                            + range.getValue()[1])
                .collect(Collectors.joining("; ")));
  }

  private ConnectException refused(Lane lane, Step.Insert insert, RuntimeException e) {
    return new ConnectException(
        "Cannot insert into table "
            + lane.sqlName()
            + " as user '"
            + config.username()
            + "': "
            + Faults.describe(e)
            + " (first row: "
            + coordinates(insert)
            + ")");
  }

  /** The rows are good, but too many of them go to different partitions of the table. */
  private void divide(Lane lane, Step.Insert insert, RuntimeException cause) {
    if (insert.count() == 1) {
      throw refused(lane, insert, cause);
    }
    if (!toldDivided) {
      toldDivided = true;
      LOG.warn(
          "An insert of {} rows into table {} has more partitions than max_partitions_per_insert_block"
              + " allows, and is made in parts; so will others be. A coarser PARTITION BY makes for"
              + " fewer and larger parts",
          insert.count(),
          lane.sqlName());
    }
    lane.backlog().replaceNext(insert.halves());
  }

  /** Rows for a table that has changed since are refused as bad rows are: look before judging. */
  private void isolate(Lane lane, Step.Insert insert, RuntimeException cause) {
    if (lane.hasChanged()) {
      throw new TableChangedException(lane, cause);
    }
    if (insert.count() > 1) {
      lane.backlog().replaceNext(insert.halves());
      return;
    }
    lane.backlog().replaceNext(List.of());
    rejects.reject(
        insert.rows().record(insert.from()),
        coordinates(insert),
        lane.sqlName(),
        Faults.describe(cause));
  }

  private static String coordinates(Step.Insert insert) {
    TopicPartition partition = insert.rows().partition(insert.from());
    return "topic '"
        + partition.topic()
        + "', partition "
        + partition.partition()
        + ", offset "
        + insert.rows().offset(insert.from());
  }
}
