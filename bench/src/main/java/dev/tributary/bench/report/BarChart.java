package dev.tributary.bench.report;

import dev.tributary.bench.result.Figure;
import dev.tributary.bench.result.Stats;
import java.util.List;
import java.util.Locale;

/**
 * Figures of one unit as lying bars in SVG, ours in another colour than the rest. A thin line goes
 * from the smallest to the largest round.
 */
final class BarChart {
  private static final int WIDTH = 760;
  private static final int LABELS = 330;
  private static final int NUMBERS = 90;
  private static final int ROW = 24;
  private static final int BAR = 15;
  private static final String OURS = "#1f7a5c";
  private static final String PEERS = "#9aa5b1";

  private BarChart() {}

  /** Draws them in the order given. */
  static String of(String title, List<Figure> figures) {
    double most = figures.stream().mapToDouble(figure -> figure.stats().max()).max().orElse(1);
    int height = ROW * figures.size() + 44;
    StringBuilder svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" font-family="sans-serif" font-size="12">
        <title>%s</title>
        <rect width="100%%" height="100%%" fill="#ffffff"/>
        <text x="8" y="20" font-size="14" font-weight="bold" fill="#1c2733">%s</text>
        """
            .formatted(WIDTH, height, WIDTH, height, escaped(title), escaped(title)));
    int y = 36;
    for (Figure figure : figures) {
      row(svg, figure, y, (WIDTH - LABELS - NUMBERS) / Math.max(most, Double.MIN_VALUE));
      y += ROW;
    }
    return svg.append("</svg>\n").toString();
  }

  private static void row(StringBuilder svg, Figure figure, int y, double scale) {
    Stats stats = figure.stats();
    boolean ours = figure.subject().startsWith(Figure.OURS);
    double end = LABELS + Math.max(1, stats.median() * scale);
    svg.append(
        String.format(
            Locale.ROOT,
            """
            <text x="%d" y="%d" text-anchor="end" fill="#1c2733">%s</text>
            <rect x="%d" y="%d" width="%.1f" height="%d" fill="%s"/>
            <line x1="%.1f" x2="%.1f" y1="%.1f" y2="%.1f" stroke="#1c2733"/>
            <text x="%.1f" y="%d" fill="#1c2733">%s</text>
            """,
            LABELS - 8,
            y + 12,
            escaped(figure.name() + ": " + figure.subject()),
            LABELS,
            y,
            end - LABELS,
            BAR,
            ours ? OURS : PEERS,
            LABELS + stats.min() * scale,
            LABELS + stats.max() * scale,
            y + BAR / 2.0,
            y + BAR / 2.0,
            Math.max(end, LABELS + stats.max() * scale) + 6,
            y + 12,
            escaped(Numbers.of(stats.median()))));
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
