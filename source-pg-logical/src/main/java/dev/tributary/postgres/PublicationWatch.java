package dev.tributary.postgres;

import dev.tributary.postgres.config.PgSourceConfig;
import dev.tributary.postgres.position.Lsn;
import dev.tributary.postgres.position.Position;
import dev.tributary.postgres.replication.ProblemException;
import dev.tributary.postgres.replication.Publications;
import dev.tributary.postgres.replication.Slots;
import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices, look by look, that the publication is dropped while changes are streamed. From version
 * 18 on, the server then goes on without the changes, and says so in its own log only.
 *
 * <p>Threads: {@link #look} belongs to the one that asks the server, {@link #check} to the
 * reader's.
 */
final class PublicationWatch {
  private static final Logger log = LoggerFactory.getLogger(PublicationWatch.class);

  private final PgSourceConfig config;
  private Lsn seen = Lsn.ZERO;
  private long known;
  private volatile ProblemException gone;

  PublicationWatch(PgSourceConfig config) {
    this.config = config;
  }

  /**
   * Looks whether the publication is there.
   *
   * @param connection for SQL
   */
  void look(Connection connection) throws SQLException {
    Lsn now = Slots.logEnd(connection);
    try {
      Position from = Position.between(seen.equals(Lsn.ZERO) ? now : seen);
      long found = Publications.checkNotGone(connection, config, from);
      if (known != 0 && found != known) {
        log.warn(
            "Publication '{}' was dropped and created again between {} and {}: changes that were"
                + " committed while there was none are lost",
            config.publication(),
            seen,
            now);
      }
      known = found;
      seen = now;
    } catch (ProblemException e) {
      gone = e;
    }
  }

  /**
   * Stops where changes are lost.
   *
   * @throws ProblemException if the publication was gone at the last look
   */
  void check() {
    ProblemException problem = gone;
    if (problem != null) {
      throw problem;
    }
  }
}
