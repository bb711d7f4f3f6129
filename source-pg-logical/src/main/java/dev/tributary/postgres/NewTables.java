package dev.tributary.postgres;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.config.PgSourceConfig;
import dev.tributary.postgres.config.PublicationMode;
import dev.tributary.postgres.config.SnapshotMode;
import dev.tributary.postgres.incremental.Signal;
import dev.tributary.postgres.replication.Problem;
import dev.tributary.postgres.replication.ProblemException;
import dev.tributary.postgres.replication.Publications;
import dev.tributary.postgres.replication.TableChecks;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for captured tables that the publication lacks, adds them to it, and has what they hold
 * read by an incremental snapshot. Both happen in one transaction, so that a crash leaves neither
 * without the other. (A publication of all tables has new ones from their creation on, so that
 * there is nothing to read.) A publication that is others' is left alone; what it lacks is told.
 * Belongs to one thread.
 */
final class NewTables {
  private static final Logger log = LoggerFactory.getLogger(NewTables.class);

  /** From here on there are logical messages in the stream. */
  private static final int MESSAGES = 14;

  private final PgSourceConfig config;
  private String told;

  NewTables(PgSourceConfig config) {
    this.config = config;
  }

  /**
   * Looks once.
   *
   * @param connection nobody else uses it meanwhile
   */
  void look(Connection connection) throws SQLException {
    if (config.publicationMode() == PublicationMode.FILTERED) {
      adopt(connection);
      return;
    }
    List<TableName> captured = new TableChecks(config, connection).captured();
    tell(
        "Changes are lost: {}",
        Publications.check(connection, config, captured).map(Problem::message).orElse(null));
  }

  /** Tells it, unless that was told last. */
  private void tell(String what, String problem) {
    if (problem != null && !problem.equals(told)) {
      log.warn(what, problem);
    }
    told = problem;
  }

  /**
   * Adds captured tables that a publication of ours lacks.
   *
   * @param connection nobody else uses it meanwhile
   */
  void adopt(Connection connection) throws SQLException {
    if (config.publicationMode() != PublicationMode.FILTERED) {
      return;
    }
    connection.setAutoCommit(false);
    try {
      TableChecks tables = new TableChecks(config, connection);
      List<TableName> added =
          Publications.addNew(connection, config.publication(), tables.captured());
      if (!added.isEmpty()) {
        tables.withoutIdentity().ifPresent(log::warn);
      }
      if (!added.isEmpty() && config.snapshotMode() != SnapshotMode.NO_DATA) {
        signal(connection, added);
      }
      connection.commit();
      told = null;
    } catch (ProblemException e) {
      connection.rollback();
      tell("New tables cannot be added to the publication: {}", e.getMessage());
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private static void signal(Connection connection, List<TableName> tables) throws SQLException {
    if (connection.getMetaData().getDatabaseMajorVersion() < MESSAGES) {
      log.warn(
          "What tables {} held before they were published is not read: servers before version 14"
              + " have no logical messages in the stream",
          tables);
      return;
    }
    try (PreparedStatement statement =
        connection.prepareStatement("select pg_catalog.pg_logical_emit_message(true, ?, ?)")) {
      statement.setString(1, Signal.PREFIX);
      statement.setString(2, execute(tables, transaction(connection)));
      statement.execute();
    }
    log.info("Tables {} are new; what they hold is going to be read", tables);
  }

  /** Changes of transactions that began before this one may have been made before it published. */
  private static long transaction(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select pg_catalog.txid_current()")) {
      row.next();
      return row.getLong(1);
    }
  }

  private static String execute(List<TableName> tables, long after) {
    ObjectNode signal = new ObjectMapper().createObjectNode();
    signal.put("id", "new tables in transaction " + after).put("type", "execute-snapshot");
    ObjectNode data = signal.putObject("data").put("type", "INCREMENTAL").put("after", after);
    ArrayNode collections = data.putArray("data-collections");
    tables.forEach(table -> collections.add(Pattern.quote(table.toString())));
    return Signal.ascii(signal.toString());
  }
}
