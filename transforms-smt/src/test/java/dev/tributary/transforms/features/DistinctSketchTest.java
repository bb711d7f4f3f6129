package dev.tributary.transforms.features;

import static org.assertj.core.api.Assertions.assertThat;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import dev.tributary.transforms.state.Written;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class DistinctSketchTest {
  private static final Hasher64 HASHER = Hashing.komihash5_0();

  private static DistinctSketch of(List<Integer> values) {
    DistinctSketch sketch = new DistinctSketch();
    values.forEach(value -> sketch.add(HASHER.hashIntToLong(value)));
    return sketch;
  }

  private static List<Integer> upTo(int n) {
    List<Integer> values = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      values.add(i);
    }
    return values;
  }

  @Property(tries = 200)
  void holdsTheSameWhateverTheOrderAndThePartsItIsMergedFrom(@ForAll Random random) {
    int n = random.nextInt(3_000);
    List<Integer> values = upTo(n);
    DistinctSketch whole = of(values);
    List<Integer> shuffled = new ArrayList<>(values);
    shuffled.addAll(values.subList(0, random.nextInt(n + 1)));
    Collections.shuffle(shuffled, random);
    DistinctSketch merged = new DistinctSketch();
    for (int from = 0; from < shuffled.size(); ) {
      int to = Math.min(shuffled.size(), from + 1 + random.nextInt(2_000));
      DistinctSketch part = of(shuffled.subList(from, to));
      if (random.nextBoolean()) {
        merged.merge(part);
      } else {
        part.merge(merged);
        merged = part;
      }
      from = to;
    }
    assertThat(Written.bytes(merged::write)).isEqualTo(Written.bytes(whole::write));
    assertThat(merged.estimate()).isEqualTo(whole.estimate());
    assertThat(merged.bytes()).isLessThan(4_200);
    Written.down(
        whole::write,
        in -> {
          DistinctSketch read = DistinctSketch.read(in);
          assertThat(Written.bytes(read::write)).isEqualTo(Written.bytes(whole::write));
          assertThat(read.estimate()).isEqualTo(whole.estimate());
        });
  }

  @Test
  void isExactForFewAndWithinItsErrorForMany() {
    for (int n : new int[] {0, 1, 2, 100, DistinctSketch.MAX_TOKENS}) {
      assertThat(of(upTo(n)).estimate()).isEqualTo(n);
    }
    for (int n = 1_100; n < 2_000_000; n *= 3) {
      // three standard errors
      assertThat((double) of(upTo(n)).estimate()).isBetween(0.964 * n, 1.036 * n);
    }
  }
}
