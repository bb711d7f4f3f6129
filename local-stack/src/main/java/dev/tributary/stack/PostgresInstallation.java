package dev.tributary.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Postgres to run.
 *
 * @param home the folder with {@code bin/initdb} and {@code bin/postgres}
 * @param name of what it makes, unlike that of any other
 * @param major its version: 18
 */
record PostgresInstallation(Path home, String name, int major) {
  private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) ((\\d+)\\S*)");

  /** The first version that knows UTF-8 without the system's help. */
  private static final int BUILTIN_LOCALES = 17;

  /** The same on every system, whatever locales it has. */
  static final List<String> LOCALE =
      List.of(
          "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8");

  /** Of servers that take their locales from the system. */
  private static final List<String> LOCALE_OF_SYSTEM =
      List.of("--encoding=UTF8", "--locale=C.UTF-8");

  /**
   * The one that {@code TRIBUTARY_POSTGRES_HOME} names, which may be of any version and have
   * extensions, else the one that comes with the build.
   *
   * @param directory where that is unpacked if the shared copy cannot be read
   * @throws StackException when the one that is named does not run
   */
  static PostgresInstallation find(
      WorkDirectory directory, Unprivileged unprivileged, Environment environment)
      throws IOException {
    Path given = environment.get(Environment.POSTGRES_HOME).map(Path::of).orElse(null);
    if (given != null) {
      return of(given.toAbsolutePath());
    }
    return unprivileged.otherUser()
        ? of(PostgresBinaries.unpackedInto(directory.resolve("postgres")))
        : of(PostgresBinaries.cached(environment));
  }

  private static PostgresInstallation of(Path home) throws IOException {
    Matcher version = VERSION.matcher(version(home));
    if (!version.find()) {
      throw doesNotRun(home, null);
    }
    String name = "postgres-" + Platform.current() + "-" + version.group(1);
    return new PostgresInstallation(home, name, Integer.parseInt(version.group(2)));
  }

  private static String version(Path home) {
    try {
      Process process =
          new ProcessBuilder(home.resolve("bin/postgres").toString(), "--version")
              .redirectErrorStream(true)
              .start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw doesNotRun(home, e);
    }
  }

  private static StackException doesNotRun(Path home, IOException cause) {
    return new StackException(
        "no Postgres runs from " + home + "; name another in " + Environment.POSTGRES_HOME, cause);
  }

  /** A program of it. */
  String program(String program) {
    return home.resolve("bin").resolve(program).toString();
  }

  /** What {@code initdb} is told. */
  List<String> locale() {
    return major >= BUILTIN_LOCALES ? LOCALE : LOCALE_OF_SYSTEM;
  }
}
