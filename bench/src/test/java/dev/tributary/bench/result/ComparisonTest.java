package dev.tributary.bench.result;

import static dev.tributary.bench.result.Samples.figure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  @Test
  void ratioSaysHowManyTimesBetterWeAre() {
    Figure ours = figure("r", Figure.OURS, "records/s", 300, 310, 290);
    Figure peer = figure("r", "debezium", "records/s", 100, 90, 500);
    assertThat(new Comparison("x", Better.HIGHER, ours, peer, null).ratio()).isEqualTo(3.0);
    assertThat(new Comparison("x", Better.LOWER, peer, ours, null).ratio()).isEqualTo(3.0);
  }

  @Test
  void refusesFiguresOfDifferentRuns() {
    Figure ours = figure("today", Figure.OURS, "records/s", 300);
    Figure peer = figure("yesterday", "debezium", "records/s", 100);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Comparison("x", Better.HIGHER, ours, peer, null))
        .withMessageContaining("different runs")
        .withMessageContaining("today")
        .withMessageContaining("yesterday");
  }

  @Test
  void refusesFiguresOfDifferentUnits() {
    Figure ours = figure("r", Figure.OURS, "records/s", 300);
    Figure peer = figure("r", "debezium", "ms", 100);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Comparison("x", Better.HIGHER, ours, peer, null));
  }

  @Test
  void knowsWhetherWhatIsWantedIsReached() {
    Figure ours = figure("r", Figure.OURS, "records/s", 300);
    Figure peer = figure("r", "debezium", "records/s", 100);
    assertThat(new Comparison("x", Better.HIGHER, ours, peer, 3.0).reached()).isTrue();
    assertThat(new Comparison("x", Better.HIGHER, ours, peer, 3.1).reached()).isFalse();
    assertThat(new Comparison("x", Better.LOWER, ours, peer, null).reached()).isTrue();
  }

  @Test
  void endsInOneLineThatProgramsRead() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY); // which writes 0,5
    try {
      Figure ours = figure("r", Figure.OURS, "ms", 0.0421);
      Figure peer = figure("r", "debezium", "ms", 12_345_678);
      assertThat(new Comparison("source-latency-p99", Better.LOWER, ours, peer, 2.0).resultLine())
          .isEqualTo(
              "RESULT name=source-latency-p99 ours=0.0421 peer=12345678 peer_name=debezium"
                  + " ratio=293246508 unit=ms");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void aFigureWithoutAPeerHasALineToo() {
    assertThat(figure("r", Figure.OURS, "ms", 1, 2, 3).line())
        .isEqualTo("FIGURE name=\"speed\" value=2.00 unit=ms");
  }
}
