package dev.tributary.postgres.record;

import dev.tributary.postgres.catalog.Catalog;
import dev.tributary.postgres.catalog.TypeInfo;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The types of the server, at least as new as the changes that they are wanted for. A change that
 * was committed before the catalogue was asked is of no newer type, so that a backlog of former
 * values does not ask for each of them. Belongs to one thread.
 */
final class PresentTypes {
  /**
   * By how much the server's clock may be behind ours, and a commit be seen after its time. Changes
   * that are not older than that ask each time, so that it is about how long a backlog asks.
   */
  private static final Duration SLACK = Duration.ofSeconds(10);

  private final Catalog catalog;
  private final InstantSource clock;
  private final Map<Integer, Answer> answers = new HashMap<>();

  private record Answer(TypeInfo type, Instant asked) {}

  PresentTypes(Catalog catalog, InstantSource clock) {
    this.catalog = catalog;
    this.clock = clock;
  }

  /**
   * A type as the catalogue has it.
   *
   * @param change may be of it as it was after the catalogue was asked last
   */
  TypeInfo get(int oid, ChangeOrigin change) throws SQLException {
    Answer known = answers.get(oid);
    Instant committed = Instant.EPOCH.plus(change.timeMicros(), ChronoUnit.MICROS);
    if (known != null && committed.isBefore(known.asked().minus(SLACK))) {
      return known.type();
    }
    Instant asked = clock.instant();
    TypeInfo type = catalog.types(List.of(oid)).get(oid);
    answers.put(oid, new Answer(type, asked));
    return type;
  }

  /** Forgets what was asked, since newer types are known. */
  void forget() {
    answers.clear();
  }
}
