package dev.tributary.transforms.features;

import dev.tributary.transforms.language.Condition;
import dev.tributary.transforms.language.ConditionParser;
import dev.tributary.transforms.language.Token;
import dev.tributary.transforms.language.TokenStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Reads declarations of features.
 *
 * <pre>
 * features  = feature { "," feature }
 * feature   = name "=" aggregate "(" [ argument { "," argument } ] ")"
 *             [ "over" window ] { "where" condition | "exclusive" }
 * window    = [ "sliding" ] duration | "tumbling" duration | "hopping" duration "by" duration
 *           | "session" duration | "all"
 * </pre>
 *
 * The aggregates and their arguments are those of {@link Aggregate}; conditions are read by {@link
 * ConditionParser}. A duration is a whole number and one of {@code ms s m h d}. A field is written
 * as a path ({@code amount}, {@code after.amount}), or whatever it is called between double quotes.
 * Spaces and line breaks are free.
 */
public final class FeatureParser {
  private static final String WINDOWS =
      "a window: a duration such as 30s, 5m, 1h or 7d, 'tumbling 1m', 'hopping 1h by 5m',"
          + " 'session 30m' or 'all'";

  private static final Set<String> WORDS = Set.of("where", "over", "exclusive");

  private final TokenStream tokens;
  private final Map<String, Aggregate> declared = new LinkedHashMap<>();

  private FeatureParser(String text) {
    this.tokens = new TokenStream(text, WORDS);
  }

  /**
   * Parses a list of features, in the order they are declared.
   *
   * @throws IllegalArgumentException if the text is no such list; the message says where (line and
   *     column, from 1), what stands there, and what was expected
   */
  public static List<Feature> parse(String text) {
    return new FeatureParser(text).features();
  }

  /** All aggregates with their arguments, as they are written. */
  public static List<String> signatures() {
    return Arrays.stream(Aggregate.values()).map(Aggregate::signature).toList();
  }

  private List<Feature> features() {
    List<Feature> features = new ArrayList<>();
    do {
      Token name = tokens.peek();
      Feature feature = feature();
      if (declared.put(feature.name(), feature.aggregate()) != null) {
        throw TokenStream.error(
            name, "the feature " + name.shown() + " is declared twice; give it another name");
      }
      features.add(feature);
    } while (tokens.accept(","));
    if (tokens.peek().kind() != Token.Kind.END) {
      throw tokens.unexpected("',' and a further feature, or the end");
    }
    return List.copyOf(features);
  }

  private Feature feature() {
    Token first = tokens.peek();
    if (first.kind() != Token.Kind.NAME || !first.text().matches("\\w+")) {
      throw tokens.unexpected("the name of a feature (letters, digits and underscores)");
    }
    String name = tokens.next().text();
    tokens.expect("=");
    Token function = tokens.peek();
    Aggregate aggregate = aggregate();
    ArgumentParser arguments = new ArgumentParser(tokens, function, aggregate, declared);
    arguments.parse();
    Window window = window(aggregate);
    Condition where = null;
    boolean exclusive = false;
    while (true) {
      Token word = tokens.peek();
      if (where == null && takesEvents(aggregate) && tokens.accept("where")) {
        where = new ConditionParser(tokens).condition();
      } else if (!exclusive && takesEvents(aggregate) && tokens.accept("exclusive")) {
        exclusive = true;
      } else if (word.is("where") || word.is("exclusive")) {
        throw TokenStream.error(
            word,
            takesEvents(aggregate)
                ? word.shown() + " is there already"
                : "a ratio divides other features; write " + word.shown() + " behind those");
      } else {
        break;
      }
    }
    return new Feature(
        name,
        aggregate,
        arguments.field(),
        arguments.numbers(),
        arguments.operands(),
        window,
        where,
        exclusive);
  }

  private static boolean takesEvents(Aggregate aggregate) {
    return aggregate != Aggregate.RATIO;
  }

  private Aggregate aggregate() {
    Token name = tokens.peek();
    if (name.kind() != Token.Kind.NAME) {
      throw tokens.unexpected("an aggregate (" + Aggregate.names() + ")");
    }
    Aggregate aggregate =
        Aggregate.named(name.text())
            .orElseThrow(
                () ->
                    TokenStream.error(
                        name,
                        "there is no aggregate "
                            + name.shown()
                            + TokenStream.didYouMean(name.text(), functionNames())
                            + "; this version knows: "
                            + Aggregate.names()));
    tokens.next();
    return aggregate;
  }

  private static List<String> functionNames() {
    return Arrays.stream(Aggregate.values()).map(Aggregate::functionName).toList();
  }

  private Window window(Aggregate aggregate) {
    Token over = tokens.peek();
    if (aggregate.over() == Aggregate.Over.NOTHING) {
      if (over.is("over")) {
        throw TokenStream.error(over, aggregate.signature() + " has no window; leave 'over' out");
      }
      return null;
    }
    tokens.expect("over");
    Token first = tokens.peek();
    Window window = window();
    if (aggregate.over() == Aggregate.Over.TIMED
        && (window instanceof Window.All || window instanceof Window.Session)) {
      throw TokenStream.error(
          first,
          aggregate.signature()
              + " needs a window of a known length: sliding, tumbling or hopping");
    }
    return window;
  }

  private Window window() {
    Token first = tokens.peek();
    if (tokens.accept("all")) {
      return new Window.All();
    }
    if (tokens.accept("tumbling")) {
      long length = duration();
      return made(first, () -> new Window.Hopping(length, length));
    }
    if (tokens.accept("hopping")) {
      long length = duration();
      tokens.expect("by");
      long hop = duration();
      return made(first, () -> new Window.Hopping(length, hop));
    }
    if (tokens.accept("session")) {
      long gap = duration();
      return made(first, () -> new Window.Session(gap));
    }
    if (!tokens.accept("sliding") && first.kind() != Token.Kind.NUMBER) {
      throw tokens.unexpected(WINDOWS);
    }
    long length = duration();
    return made(first, () -> new Window.Sliding(length));
  }

  private static Window made(Token first, Supplier<Window> window) {
    try {
      return window.get();
    } catch (IllegalArgumentException e) {
      throw TokenStream.error(first, e.getMessage());
    }
  }

  private long duration() {
    return tokens.duration("a duration such as 30s, 5m, 1h or 7d");
  }
}
