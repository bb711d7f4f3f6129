package dev.tributary.transforms.features;

import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;
import java.util.Arrays;

/**
 * A KLL sketch of doubles (Z. Karnin, K. Lang, E. Liberty, "Optimal Quantile Approximation in
 * Streams", 2016) with k = 200: exact up to 200 values, then right to about 1.3 % of rank.
 *
 * <p>Each level holds values that stand for twice as many as those of the level below. A full level
 * is sorted, and every other value moves up. Whether the even or the odd ones do is the toss of a
 * coin, and here of a hash of how many values there were: the same values in the same order make
 * the same sketch, after a restore as before it. (The sketch of Apache DataSketches draws from a
 * random generator that cannot be seeded, so it would answer differently.)
 */
final class Quantiles {
  private static final int K = 200;
  private static final int SMALLEST_LEVEL = 8;
  private static final double SHRINKING = 2.0 / 3.0;
  private static final int FIRST_CAPACITY = 4;
  private static final long MIX = 0x9E3779B97F4A7C15L;

  private double[][] levels = {new double[FIRST_CAPACITY]};
  private int[] sizes = new int[1];
  private int held;
  private int limit = K;
  private long count;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;

  void add(double value) {
    count++;
    min = Math.min(min, value);
    max = Math.max(max, value);
    append(0, value);
    shrink();
  }

  /** Takes in the values of another, which stays as it is. */
  void merge(Quantiles other) {
    while (levels.length < other.levels.length) {
      addLevel();
    }
    for (int level = 0; level < other.levels.length; level++) {
      for (int i = 0; i < other.sizes[level]; i++) {
        append(level, other.levels[level][i]);
      }
    }
    count += other.count;
    min = Math.min(min, other.min);
    max = Math.max(max, other.max);
    shrink();
  }

  /** The least value that at least so many percent of all are not above (nearest rank). */
  double percentile(double percent) {
    if (percent <= 0) {
      return min;
    }
    if (percent >= 100) {
      return max;
    }
    double[] values = new double[held];
    long[] weights = new long[held];
    sort(values, weights);
    long rank = (long) Math.ceil(percent / 100 * count);
    long below = 0;
    for (int i = 0; i < held; i++) {
      below += weights[i];
      if (below >= rank) {
        return values[i];
      }
    }
    return max;
  }

  /** Merges the levels, each sorted by itself, into one sorted row. */
  private void sort(double[] values, long[] weights) {
    int done = 0;
    for (int level = levels.length - 1; level >= 0; level--) {
      double[] sorted = Arrays.copyOf(levels[level], sizes[level]);
      Arrays.sort(sorted);
      long weight = 1L << level;
      int to = done + sorted.length - 1;
      int a = done - 1;
      int b = sorted.length - 1;
      while (b >= 0) {
        boolean fromBefore = a >= 0 && values[a] > sorted[b];
        values[to] = fromBefore ? values[a] : sorted[b];
        weights[to--] = fromBefore ? weights[a--] : weight;
        b -= fromBefore ? 0 : 1;
      }
      done += sorted.length;
    }
  }

  private void shrink() {
    while (held > limit) {
      int level = 0;
      while (sizes[level] < capacity(level)) {
        level++;
      }
      if (level == levels.length - 1) {
        addLevel();
      }
      compact(level);
    }
  }

  private void compact(int level) {
    int size = sizes[level];
    double[] values = levels[level];
    // of an odd number of values the last that came stays
    int pairs = size / 2;
    double rest = values[size - 1];
    Arrays.sort(values, 0, 2 * pairs);
    int coin = coin(level);
    for (int i = 0; i < pairs; i++) {
      append(level + 1, values[2 * i + coin]);
    }
    sizes[level] = size - 2 * pairs;
    values[0] = rest;
    held -= 2 * pairs;
  }

  private int coin(int level) {
    long hash = (count * 64 + level) * MIX;
    hash = (hash ^ (hash >>> 32)) * MIX;
    return (int) (hash >>> 63);
  }

  private void append(int level, double value) {
    if (sizes[level] == levels[level].length) {
      levels[level] = Arrays.copyOf(levels[level], 2 * sizes[level]);
    }
    levels[level][sizes[level]++] = value;
    held++;
  }

  private void addLevel() {
    levels = Arrays.copyOf(levels, levels.length + 1);
    levels[levels.length - 1] = new double[FIRST_CAPACITY];
    sizes = Arrays.copyOf(sizes, levels.length);
    limit = 0;
    for (int level = 0; level < levels.length; level++) {
      limit += capacity(level);
    }
  }

  /** The top level holds most; each below it two thirds as many. */
  private int capacity(int level) {
    double capacity = K;
    for (int i = level; i < levels.length - 1; i++) {
      capacity *= SHRINKING;
    }
    return Math.max(SMALLEST_LEVEL, (int) Math.ceil(capacity));
  }

  void write(StateOutput out) {
    out.number(count);
    out.real(min);
    out.real(max);
    out.number(levels.length);
    for (int level = 0; level < levels.length; level++) {
      out.number(sizes[level]);
      for (int i = 0; i < sizes[level]; i++) {
        out.real(levels[level][i]);
      }
    }
  }

  static Quantiles read(StateInput in) {
    Quantiles read = new Quantiles();
    read.count = in.number();
    read.min = in.real();
    read.max = in.real();
    int height = in.size();
    while (read.levels.length < height) {
      read.addLevel();
    }
    for (int level = 0; level < height; level++) {
      for (int i = in.size(); i > 0; i--) {
        read.append(level, in.real());
      }
    }
    return read;
  }

  long bytes() {
    long bytes = 96;
    for (double[] level : levels) {
      bytes += 16 + 8L * level.length;
    }
    return bytes;
  }
}
