package dev.tributary.bench.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class StatsTest {
  @Test
  void takesTheMiddleOneOrTheMeanOfTwo() {
    assertThat(Stats.of(3, 1, 2)).isEqualTo(new Stats(2, 1, 3));
    assertThat(Stats.of(4, 1, 2, 3)).isEqualTo(new Stats(2.5, 1, 4));
    assertThat(Stats.of(7)).isEqualTo(new Stats(7, 7, 7));
  }

  @Test
  void tellsTheSpreadAsAPartOfTheMedian() {
    assertThat(Stats.of(90, 100, 120).spread()).isCloseTo(0.3, within(1e-12));
    assertThat(Stats.of(0, 0, 0).spread()).isZero();
  }

  @Test
  void refusesWhatHasNoMiddle() {
    assertThatIllegalArgumentException().isThrownBy(() -> Stats.of());
    assertThatIllegalArgumentException().isThrownBy(() -> Stats.of(1, Double.NaN));
    assertThatIllegalArgumentException().isThrownBy(() -> Stats.of(Double.POSITIVE_INFINITY, 1));
  }

  @Property
  void asManyLieBelowTheMedianAsAbove(
      @ForAll @Size(min = 1, max = 30) List<@DoubleRange(min = -1e6, max = 1e6) Double> values) {
    double median = Stats.of(values.stream().mapToDouble(Double::doubleValue).toArray()).median();
    List<Double> below = new ArrayList<>(values);
    below.removeIf(value -> value >= median);
    List<Double> above = new ArrayList<>(values);
    above.removeIf(value -> value <= median);
    assertThat(below.size()).isLessThanOrEqualTo(values.size() / 2);
    assertThat(above.size()).isLessThanOrEqualTo(values.size() / 2);
  }
}
