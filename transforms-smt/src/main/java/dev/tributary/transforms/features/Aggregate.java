package dev.tributary.transforms.features;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a feature computes over the events of its window. Null values of the field do not count. */
public enum Aggregate {
  /** How many events there are; with a field, how many in which it is not null. */
  COUNT(Over.ANY, Parameter.OPTIONAL_FIELD),
  /** The sum, exact for whole numbers and decimals; 0 of none. */
  SUM(Over.ANY, Parameter.NUMBER_FIELD),
  /** The mean. */
  AVG(Over.ANY, Parameter.NUMBER_FIELD),
  /** The least value: of numbers, texts, times or booleans. */
  MIN(Over.ANY, Parameter.FIELD),
  /** The greatest value. */
  MAX(Over.ANY, Parameter.FIELD),
  /** The standard deviation of all values there are (population). */
  STDDEV(Over.ANY, Parameter.NUMBER_FIELD),
  /** The standard deviation estimated from a sample (divided by n - 1); null below two values. */
  STDDEV_SAMP(Over.ANY, Parameter.NUMBER_FIELD),
  /** The variance of all values there are (population). */
  VARIANCE(Over.ANY, Parameter.NUMBER_FIELD),
  /** The variance estimated from a sample; null below two values. */
  VARIANCE_SAMP(Over.ANY, Parameter.NUMBER_FIELD),
  /** The value of the earliest event; of those at one time, of the first that came. */
  FIRST(Over.ANY, Parameter.FIELD),
  /** The value of the newest event; of those at one time, of the last that came. */
  LAST(Over.ANY, Parameter.FIELD),
  /** The values of the n newest events, the newest last. */
  LAST_N(Over.ANY, Parameter.FIELD, Parameter.SIZE),
  /**
   * How many different values there are, exact up to a bound (10,000), which is given beyond it.
   */
  DISTINCT(Over.ANY, Parameter.FIELD, Parameter.OPTIONAL_SIZE),
  /** About how many different values there are: HyperLogLog, 1.6 % standard error. */
  APPROX_DISTINCT(Over.ANY, Parameter.FIELD),
  /** The value below or at which p percent lie: KLL, exact up to 200 values, then 1.3 % of rank. */
  PERCENTILE(Over.ANY, Parameter.NUMBER_FIELD, Parameter.PERCENT),
  /** The k most frequent values and how often each came. */
  TOP_K(Over.ANY, Parameter.FIELD, Parameter.SIZE),
  /** How many values lie below the first bound, from each to below the next, from the last on. */
  HISTOGRAM(Over.TIMED, Parameter.NUMBER_FIELD, Parameter.BOUNDS),
  /** Events per second of the window's length. */
  RATE(Over.TIMED),
  /** One feature divided by another, both declared before it; null where that has no value. */
  RATIO(Over.NOTHING, Parameter.FEATURE, Parameter.FEATURE),
  /** Seconds from the newest event before this one to this one; null for the first. */
  SECONDS_SINCE_LAST(Over.NOTHING),
  /** How many events there were, each halved with every half-life that has passed since. */
  DECAYED_COUNT(Over.NOTHING, Parameter.HALF_LIFE),
  /** The sum of values, each halved with every half-life that has passed since. */
  DECAYED_SUM(Over.NOTHING, Parameter.NUMBER_FIELD, Parameter.HALF_LIFE),
  /** The mean of values, each weighted by what is left of it after its age in half-lives. */
  DECAYED_AVG(Over.NOTHING, Parameter.NUMBER_FIELD, Parameter.HALF_LIFE),
  /** The time of the earliest event. */
  FIRST_SEEN(Over.ANY),
  /** The time of the newest event. */
  LAST_SEEN(Over.ANY),
  /** Seconds from the earliest event to the newest. */
  DURATION(Over.ANY);

  /** Which windows it can have. */
  enum Over {
    ANY,
    /** One whose length is known: sliding, tumbling or hopping. */
    TIMED,
    /** None is written. */
    NOTHING
  }

  /** What is written between the parentheses. */
  enum Parameter {
    FIELD("field"),
    NUMBER_FIELD("field"),
    OPTIONAL_FIELD("[field]"),
    SIZE("n"),
    OPTIONAL_SIZE("[n]"),
    PERCENT("p"),
    BOUNDS("bound, ..."),
    FEATURE("feature"),
    HALF_LIFE("half-life");

    private final String shown;

    Parameter(String shown) {
      this.shown = shown;
    }

    boolean isOptional() {
      return this == OPTIONAL_FIELD || this == OPTIONAL_SIZE;
    }

    @Override
    public String toString() {
      return shown;
    }
  }

  private final Over over;

  @SuppressWarnings("ImmutableEnumChecker") // List.of makes it so
  private final List<Parameter> parameters;

  Aggregate(Over over, Parameter... parameters) {
    this.over = over;
    this.parameters = List.of(parameters);
  }

  static Optional<Aggregate> named(String name) {
    return Arrays.stream(values()).filter(a -> a.functionName().equals(name)).findFirst();
  }

  static String names() {
    return Arrays.stream(values()).map(Aggregate::functionName).collect(Collectors.joining(", "));
  }

  /** The name it is declared by. */
  public String functionName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** How it is written: {@code percentile(field, p)}. */
  public String signature() {
    return parameters.stream()
        .map(Parameter::toString)
        .collect(Collectors.joining(", ", functionName() + "(", ")"));
  }

  Over over() {
    return over;
  }

  List<Parameter> parameters() {
    return parameters;
  }

  /** Whether its field must hold numbers. */
  boolean needsNumbers() {
    return parameters.contains(Parameter.NUMBER_FIELD);
  }
}
