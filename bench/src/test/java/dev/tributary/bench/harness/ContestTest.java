package dev.tributary.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.bench.measure.Profiles;
import dev.tributary.bench.result.Better;
import dev.tributary.bench.result.Figure;
import dev.tributary.bench.result.Round;
import dev.tributary.bench.result.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContestTest {
  private final List<String> order = new ArrayList<>();
  private final List<String> said = new ArrayList<>();
  private final Run run = new Run("sample", true, Profiles.none(), said::add);

  @Test
  void contestantsTakeTurnsAndTheWarmUpIsNotCounted() throws Exception {
    Map<String, Figure> figures =
        new Contest(run, "speed", "records/s")
            .contestant(Figure.OURS, n -> attempt(Figure.OURS, n, 100 + n))
            .contestant("debezium", n -> attempt("debezium", n, 10 + n))
            .go();
    assertThat(order)
        .containsExactly(
            "tributary 0",
            "debezium 0",
            "tributary 1",
            "debezium 1",
            "tributary 2",
            "debezium 2",
            "tributary 3",
            "debezium 3");
    assertThat(figures.get("debezium").rounds())
        .extracting(Round::value)
        .containsExactly(11.0, 12.0, 13.0);
    assertThat(figures.get(Figure.OURS).stats().median()).isEqualTo(102);
    assertThat(said).hasSize(8).first().asString().contains("warm-up");
  }

  @Test
  void figuresEndInTheRunsResult() throws Exception {
    Map<String, Figure> figures =
        new Contest(run, "speed", "records/s")
            .rounds(1)
            .warmups(0)
            .contestant(Figure.OURS, n -> attempt("o", n, 4).with("MB", 3))
            .contestant("debezium", n -> attempt("d", n, 2))
            .go();
    run.compare("speed", Better.HIGHER, figures.get(Figure.OURS), figures.get("debezium"), null);
    run.note("A note.");
    run.fact("Postgres", "18");
    RunResult result = run.result("abc");
    assertThat(result.comparisons()).singleElement().extracting("ratio").isEqualTo(2.0);
    assertThat(result.figures().get(0).rounds().get(0).more()).containsEntry("MB", 3.0);
    assertThat(result.command()).isEqualTo("bench/run sample --quick");
    assertThat(result.notes()).containsExactly("A note.");
    assertThat(result.facts()).containsEntry("Postgres", "18");
  }

  @Test
  void anAttemptBringsOtherFiguresAsWell() throws Exception {
    new Contest(run, "p50", "ms")
        .contestant(Figure.OURS, n -> attempt("o", n, n).and("p99", "ms", 10 * n))
        .contestant("debezium", n -> attempt("d", n, n).and("p99", "ms", 20 * n))
        .go();
    Map<String, Figure> p99 = run.figures("p99");
    assertThat(p99).containsOnlyKeys(Figure.OURS, "debezium");
    assertThat(p99.get("debezium").rounds())
        .extracting(Round::value)
        .containsExactly(20.0, 40.0, 60.0);
    assertThat(p99.get("debezium").unit()).isEqualTo("ms");
    assertThat(run.figures("p50").get(Figure.OURS).rounds().get(0).more()).isEmpty();
  }

  @Test
  void anAttemptThatFailsEndsTheContest() {
    Contest contest =
        new Contest(run, "speed", "records/s")
            .contestant(
                Figure.OURS,
                n -> {
                  throw new IllegalStateException("broken");
                });
    assertThatThrownBy(contest::go).hasMessage("broken");
  }

  private Measurement attempt(String who, int number, double value) {
    order.add(who + " " + number);
    return Measurement.of(value);
  }
}
