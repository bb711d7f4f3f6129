package dev.tributary.clickhouse.insert;

import dev.tributary.clickhouse.client.ClickHouse;
import dev.tributary.clickhouse.config.SinkConfig;
import dev.tributary.clickhouse.error.Fault;
import dev.tributary.clickhouse.error.Faults;
import dev.tributary.clickhouse.table.Column;
import dev.tributary.clickhouse.table.Table;
import dev.tributary.clickhouse.table.Tables;
import java.util.List;
import java.util.function.LongSupplier;
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
  private final ViewFeeding views;
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
    this.views = new ViewFeeding(server, tables, metrics);
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
    if (whole.isForViews()) {
      feedViews(lane, whole);
      return;
    }
    boolean once = lane.tracksOffsets();
    boolean guarded = once && lane.table().insertsInBlocks() && guards();
    Step.Insert insert = whole;
    if (once && whole.past() == Step.Past.UNKNOWN) {
      Step.Insert rest = lane.notHeld(lane.table(), whole);
      if (rest.count() < whole.count()) {
        views.mayLack(lane, whole);
      }
      // without the guard, an insert whose answer was lost is told by what the table holds
      insert = guarded ? whole : rest;
    }
    if (insert.count() == 0) {
      lane.backlog().replaceNext(List.of());
      return;
    }
    begin(lane, insert, statement(lane.table(), insert, guarded), guarded);
  }

  private void feedViews(Lane lane, Step.Insert failed) {
    Step.Insert insert = views.resolved(lane, failed);
    if (insert.isForViews()) {
      lane.backlog().replaceNext(List.of(insert));
      views.statement(lane, insert).ifPresent(statement -> begin(lane, insert, statement, false));
    } else {
      // where the table was forgotten meanwhile, the rows are read again
      lane.backlog().replaceNext(lane.table() == null ? List.of() : List.of(insert));
    }
  }

  private void begin(Lane lane, Step.Insert insert, String statement, boolean guarded) {
    boolean mirrors = lane.rules().mirrors();
    lane.backlog().replaceNext(List.of(insert));
    lane.backlog()
        .isUnderWay(
            new InFlight(
                insert,
                server.begin(
                    statement,
                    mirrors ? null : insert.token(connector),
                    insert.hasJson(),
                    insert::writeTo),
                guarded,
                nanoTime.getAsLong()));
  }

  private static String statement(Table table, Step.Insert insert, boolean guarded) {
    List<Column> columns = insert.rows().columns();
    if (guarded) {
      return InsertStatement.guarded(table, columns, insert.ranges());
    }
    return table.hasTypesOf(columns)
        ? InsertStatement.plain(table, columns)
        : InsertStatement.casting(table, columns);
  }

  /** Tells what a lane's steps leave undone, as the task ends. */
  void stop(Lane lane) {
    views.stop(lane);
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
      // a table that knows none of its rows would get them once more with every attempt
      boolean knows = lane.rules().mirrors() || lane.tracksOffsets();
      if (insert.isForViews() || (Faults.isOfView(e) && knows)) {
        throw views.failed(lane, insert, e);
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

  private ConnectException refused(Lane lane, Step.Insert insert, RuntimeException e) {
    return new ConnectException(
        "Cannot insert into table "
            + lane.sqlName()
            + " as user '"
            + config.username()
            + "': "
            + Faults.describe(e)
            + " (first row: "
            + insert.firstRow()
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
        insert.firstRow(),
        lane.sqlName(),
        Faults.describe(cause));
  }
}
