package dev.tributary.postgres.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.postgres.catalog.Catalog;
import dev.tributary.postgres.catalog.TableInfo;
import dev.tributary.postgres.catalog.TypeInfo;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PresentTypesTest {
  private static final int SPOT = 100;
  private static final int DOT = 101;

  private int asked;
  private Instant now = Instant.parse("2024-02-29T12:00:00Z");

  private final PresentTypes types =
      new PresentTypes(
          new Catalog() {
            @Override
            public Optional<TableInfo> table(int oid) {
              return Optional.empty();
            }

            @Override
            public Map<Integer, TypeInfo> types(List<Integer> oids) {
              asked++;
              Map<Integer, TypeInfo> found = new HashMap<>();
              oids.forEach(oid -> found.put(oid, TypeInfo.unknown(oid)));
              return found;
            }
          },
          () -> now);

  private int askedFor(int oid, Duration age) throws SQLException {
    int before = asked;
    long committed = ChronoUnit.MICROS.between(Instant.EPOCH, now.minus(age));
    assertThat(types.get(oid, ChangeOrigin.of(1L, committed, null)).oid()).isEqualTo(oid);
    return asked - before;
  }

  @Test
  void asksOnceForABacklog() throws SQLException {
    assertThat(askedFor(SPOT, Duration.ofHours(2))).isEqualTo(1);
    assertThat(askedFor(SPOT, Duration.ofHours(1))).isZero();
    assertThat(askedFor(SPOT, Duration.ofMinutes(1))).isZero();
    assertThat(askedFor(DOT, Duration.ofHours(1))).isEqualTo(1);
  }

  @Test
  void asksAgainForChangesThatMayBeOfANewerType() throws SQLException {
    assertThat(askedFor(SPOT, Duration.ZERO)).isEqualTo(1);
    assertThat(askedFor(SPOT, Duration.ZERO)).isEqualTo(1);
    now = now.plusSeconds(60);
    assertThat(askedFor(SPOT, Duration.ofSeconds(59))).isEqualTo(1); // committed after it was asked
    now = now.plusSeconds(60);
    assertThat(askedFor(SPOT, Duration.ofSeconds(90))).isZero();
    types.forget();
    assertThat(askedFor(SPOT, Duration.ofSeconds(90))).isEqualTo(1);
  }
}
