package dev.tributary.transforms.sequence;

import dev.tributary.transforms.language.Condition;
import dev.tributary.transforms.language.ConditionParser;
import dev.tributary.transforms.language.Token;
import dev.tributary.transforms.language.TokenStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads declarations of patterns.
 *
 * <pre>
 * patterns = pattern { "," pattern }
 * pattern  = name "=" events { ( "then" | "next" ) events } "within" duration
 * events   = name [ number "times" [ "in" "a" "row" ] ] ":" condition
 * </pre>
 *
 * {@code failed 3 times: c} is {@code failed: c then failed: c then failed: c}; {@code in a row}
 * links the three by {@code next}. Conditions are read by {@link ConditionParser}. A duration is a
 * whole number and one of {@code ms s m h d}. Spaces and line breaks are free.
 */
public final class PatternParser {
  private static final Set<String> WORDS = Set.of("then", "next", "within");

  private final TokenStream tokens;

  private PatternParser(String text) {
    this.tokens = new TokenStream(text, WORDS);
  }

  /**
   * Parses a list of patterns, in the order they are declared.
   *
   * @throws IllegalArgumentException if the text is no such list; the message says where (line and
   *     column, from 1), what stands there, and what was expected
   */
  public static List<Pattern> parse(String text) {
    return new PatternParser(text).patterns();
  }

  private List<Pattern> patterns() {
    List<Pattern> patterns = new ArrayList<>();
    Set<String> names = new HashSet<>();
    do {
      Token name = tokens.peek();
      Pattern pattern = pattern();
      if (!names.add(pattern.name())) {
        throw TokenStream.error(
            name, "the pattern " + name.shown() + " is declared twice; give it another name");
      }
      patterns.add(pattern);
    } while (tokens.accept(","));
    if (tokens.peek().kind() != Token.Kind.END) {
      throw tokens.unexpected("',' and a further pattern, or the end");
    }
    return List.copyOf(patterns);
  }

  private Pattern pattern() {
    Token first = tokens.peek();
    String name = name("the name of a pattern");
    tokens.expect("=");
    List<Step> steps = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Step.Link link = Step.Link.THEN;
    do {
      steps(steps, names, link);
      link = tokens.peek().is("next") ? Step.Link.NEXT : Step.Link.THEN;
    } while (tokens.accept("then") || tokens.accept("next"));
    if (!tokens.peek().is("within")) {
      throw tokens.unexpected("'then' or 'next' and a further event, or 'within' and a duration");
    }
    if (steps.size() < 2) {
      throw tokens.unexpected("'then' or 'next' and a further event, as one is no sequence");
    }
    tokens.expect("within");
    Token length = tokens.peek();
    long within = tokens.duration("a duration such as 30s, 5m, 1h or 7d");
    if (within < 1) {
      throw TokenStream.error(length, "a sequence within no time has no events");
    }
    if (steps.size() > Pattern.MAX_STEPS) {
      throw TokenStream.error(
          first,
          "the pattern "
              + first.shown()
              + " has "
              + steps.size()
              + " events; there may be "
              + Pattern.MAX_STEPS);
    }
    return new Pattern(name, steps, within);
  }

  private void steps(List<Step> steps, Set<String> names, Step.Link link) {
    Token first = tokens.peek();
    String name = name("the name of an event, as in 'small: amount < 10'");
    if (!names.add(name)) {
      throw TokenStream.error(
          first,
          "the event " + first.shown() + " is in this pattern already; give it another name");
    }
    int times = 1;
    Step.Link inside = Step.Link.THEN;
    if (tokens.peek().kind() == Token.Kind.NUMBER) {
      times = times();
      if (tokens.accept("in")) {
        tokens.expect("a");
        tokens.expect("row");
        inside = Step.Link.NEXT;
      }
    }
    if (!tokens.accept(":")) {
      throw tokens.unexpected("':' and a condition");
    }
    Condition condition = new ConditionParser(tokens).condition();
    for (int i = 0; i < times; i++) {
      steps.add(new Step(name, i == 0 ? link : inside, condition));
    }
  }

  private int times() {
    Token token = tokens.next();
    int times;
    try {
      times = ConditionParser.number(token).intValueExact();
    } catch (ArithmeticException e) {
      times = 0;
    }
    if (times < 1 || times > Pattern.MAX_STEPS) {
      throw TokenStream.error(token, "write a whole number from 1 to " + Pattern.MAX_STEPS);
    }
    tokens.expect("times");
    return times;
  }

  private String name(String expected) {
    Token token = tokens.peek();
    if (token.kind() != Token.Kind.NAME || !token.text().matches("\\w+") || !tokens.atField()) {
      throw tokens.unexpected(expected + " (letters, digits and underscores)");
    }
    return tokens.next().text();
  }
}
