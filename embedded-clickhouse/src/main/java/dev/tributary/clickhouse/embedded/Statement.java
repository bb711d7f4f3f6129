package dev.tributary.clickhouse.embedded;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What a request asks for, as far as it must be known outside the engine. */
sealed interface Statement {

  /**
   * A statement that the engine takes as it is.
   *
   * @param outputFormat the format it names for its output
   */
  record Plain(Optional<String> outputFormat) implements Statement {}

  /** An INSERT whose rows follow it in the request. */
  sealed interface WithRows extends Statement {
    /** Where the rows begin. */
    int dataOffset();

    /** The rows' format. */
    String format();

    /** The same INSERT with its rows in a file: inline rows are cut at 256 KiB by the library. */
    String fromFile(String path);
  }

  /**
   * An INSERT whose rows go into its table as they are.
   *
   * @param target everything up to SETTINGS, VALUES or FORMAT
   * @param settings its SETTINGS clause, or nothing
   * @param format the rows' format
   * @param dataOffset where the rows begin
   */
  record InsertOfRows(String target, String settings, String format, int dataOffset)
      implements WithRows {

    @Override
    public String fromFile(String path) {
      return "%s FROM INFILE %s COMPRESSION 'none' %s FORMAT %s"
          .formatted(target, quoted(path), settings, format);
    }
  }

  /**
   * An {@code INSERT ... SELECT ... FROM input('structure') ...} whose rows follow it.
   *
   * @param before everything up to {@code input}
   * @param structure the argument of {@code input}, in quotes
   * @param after everything between its bracket and FORMAT
   * @param format the rows' format
   * @param dataOffset where the rows begin
   */
  record InsertThroughInput(
      String before, String structure, String after, String format, int dataOffset)
      implements WithRows {

    @Override
    public String fromFile(String path) {
      return "%sfile(%s, '%s', %s)%s".formatted(before, quoted(path), format, structure, after);
    }
  }

  private static String quoted(String path) {
    return "'" + path.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  /**
   * Reads the beginning of a request.
   *
   * @param text the beginning, long enough to hold everything before an INSERT's rows
   * @param complete whether that is all of the request
   */
  static Statement parse(byte[] text, boolean complete) throws EngineException {
    SqlScanner scanner = new SqlScanner(text, text.length);
    if (!scanner.next()) {
      throw EngineException.of(62, "SYNTAX_ERROR", "Empty query");
    }
    if (scanner.is("INSERT")) {
      InsertOfRows insert = insertOfRows(text, scanner);
      if (insert != null) {
        if (complete && insert.format().equalsIgnoreCase("Values")) {
          refuseMoreAfterValues(text, insert.dataOffset());
        }
        return insert;
      }
      InsertThroughInput through = throughInput(text);
      if (through != null) {
        return through;
      }
    }
    refuseSecondStatement(text);
    return new Plain(outputFormat(text));
  }

  /** Whether rows in the format Values use DEFAULT, which only inline rows may. */
  static boolean usesDefaultKeyword(byte[] text, int from) {
    SqlScanner scanner = new SqlScanner(text, text.length);
    while (scanner.next()) {
      if (scanner.start() >= from && scanner.is("DEFAULT")) {
        return true;
      }
    }
    return false;
  }

  /** The grammar is that of src/Parsers/ParserInsertQuery.cpp; null where no rows follow. */
  private static InsertOfRows insertOfRows(byte[] text, SqlScanner scanner) {
    if (!scanner.next() || !scanner.is("INTO") || !scanner.next()) {
      return null;
    }
    if (scanner.is("TABLE") || scanner.is("FUNCTION")) {
      scanner.next();
    }
    // The table's name may itself be a keyword (values, format), so it is passed over unread.
    skipName(scanner);
    int settings = -1;
    while (scanner.next()) {
      if (scanner.depth() > 0 || scanner.is(")")) {
        continue;
      }
      int keyword = scanner.start();
      if (scanner.is("SELECT") || scanner.is("WITH") || scanner.is("FROM") || scanner.is(";")) {
        return null;
      } else if (scanner.is("SETTINGS") && settings < 0) {
        settings = keyword;
      } else if (scanner.is("VALUES")) {
        return insert(text, settings, keyword, "Values", scanner.end());
      } else if (scanner.is("FORMAT") && scanner.next()) {
        String format = scanner.token();
        boolean values = format.equalsIgnoreCase("Values");
        int data = values ? scanner.end() : afterFormat(text, scanner.end());
        return insert(text, settings, keyword, format, data);
      }
    }
    return null;
  }

  private static void skipName(SqlScanner scanner) {
    while (scanner.depth() > 0 && scanner.next()) {
      // a query parameter: {name:Identifier}
    }
    SqlScanner ahead = scanner.copy();
    if (ahead.next() && ahead.is(".")) {
      scanner.next();
      scanner.next();
      skipName(scanner);
    }
  }

  private static InsertOfRows insert(
      byte[] text, int settings, int keyword, String format, int data) {
    int targetEnd = settings < 0 ? keyword : settings;
    return new InsertOfRows(
        new String(text, 0, targetEnd, StandardCharsets.UTF_8),
        new String(text, targetEnd, keyword - targetEnd, StandardCharsets.UTF_8),
        format,
        data);
  }

  /** Rows begin after the first line feed, if only blanks stand before it. */
  private static int afterFormat(byte[] text, int from) {
    int at = from;
    while (at < text.length && (text[at] == ' ' || text[at] == '\t' || text[at] == '\f')) {
      at++;
    }
    if (at < text.length && text[at] == '\r') {
      at++;
    }
    if (at < text.length && text[at] == '\n') {
      at++;
    }
    return at;
  }

  /** Null where nothing is read through input(), or no format says how. */
  private static InsertThroughInput throughInput(byte[] text) throws EngineException {
    SqlScanner scanner = new SqlScanner(text, text.length);
    while (scanner.next()) {
      if (scanner.is("input") && scanner.copy().nextIs("(")) {
        int start = scanner.start();
        scanner.next();
        scanner.next();
        String structure = scanner.token();
        if (!structure.startsWith("'") || !scanner.nextIs(")")) {
          throw EngineException.of(
              48, "NOT_IMPLEMENTED", "The embedded engine reads input() with one literal only");
        }
        return throughInput(text, scanner, start, structure);
      }
    }
    return null;
  }

  private static InsertThroughInput throughInput(
      byte[] text, SqlScanner scanner, int start, String structure) {
    int end = scanner.end();
    while (scanner.next()) {
      if (scanner.depth() == 0 && scanner.is("FORMAT")) {
        int keyword = scanner.start();
        scanner.next();
        return new InsertThroughInput(
            new String(text, 0, start, StandardCharsets.UTF_8),
            structure,
            new String(text, end, keyword - end, StandardCharsets.UTF_8),
            scanner.token(),
            afterFormat(text, scanner.end()));
      }
    }
    return null;
  }

  private static void refuseMoreAfterValues(byte[] text, int from) throws EngineException {
    SqlScanner scanner = new SqlScanner(text, text.length);
    boolean ended = false;
    while (scanner.next()) {
      if (scanner.start() < from) {
        continue;
      }
      if (ended) {
        throw EngineException.of(33, "CANNOT_READ_ALL_DATA", "Cannot read data after semicolon");
      }
      ended = scanner.is(";");
    }
  }

  private static void refuseSecondStatement(byte[] text) throws EngineException {
    SqlScanner scanner = new SqlScanner(text, text.length);
    int end = -1;
    while (scanner.next()) {
      if (end >= 0 && !scanner.is(";")) {
        throw EngineException.of(
            62,
            "SYNTAX_ERROR",
            "Syntax error (Multi-statements are not allowed): failed at position %d (end of query)"
                .formatted(end + 1));
      } else if (end < 0 && scanner.is(";")) {
        end = scanner.start();
      }
    }
  }

  /** The last {@code FORMAT name}, where nothing but SETTINGS follows it. */
  private static Optional<String> outputFormat(byte[] text) {
    SqlScanner scanner = new SqlScanner(text, text.length);
    String format = null;
    boolean settings = false;
    while (scanner.next()) {
      if (scanner.depth() == 0 && scanner.is("FORMAT")) {
        format = scanner.next() ? scanner.token() : null;
        settings = false;
      } else if (scanner.is("SETTINGS")) {
        settings = true;
      } else if (!settings && !scanner.is(";")) {
        format = null;
      }
    }
    return Optional.ofNullable(format);
  }
}
