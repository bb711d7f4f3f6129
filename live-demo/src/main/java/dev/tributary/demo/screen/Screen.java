package dev.tributary.demo.screen;

import java.io.PrintStream;

/**
 * Where the demo shows itself: a page where somebody watches a terminal, lines where the output
 * goes to a file or a pipe.
 */
public interface Screen {
  /** Shows the present state. */
  void show(Snapshot snapshot);

  /** Says something that happened, such as a step done or a worker started again. */
  void say(String line);

  /** Ends the live view; what is said from here on are plain lines. */
  void end();

  /**
   * The screen that suits where the output goes.
   *
   * @param terminal whether that is a terminal, which Java itself cannot tell
   */
  static Screen create(PrintStream out, boolean terminal) {
    return terminal ? new TerminalPage(out) : new LineLog(out);
  }
}
