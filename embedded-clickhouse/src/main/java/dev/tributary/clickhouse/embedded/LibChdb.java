package dev.tributary.clickhouse.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Fetches libchdb, ClickHouse's engine as a library, by npm into a cache outside the source tree:
 * {@code $TRIBUTARY_CACHE}, else {@code $XDG_CACHE_HOME/tributary}, else {@code
 * ~/.cache/tributary}. The version is pinned, npm checks the package's digest.
 *
 * <p>Tried on Linux x86-64. The packages for Linux arm64 and macOS arm64 are those that chdb's own
 * npm package names for the same version; they were not tried.
 */
public final class LibChdb {

  static final String VERSION = "26.5.3";

  private static final String WAYS_OUT =
      "ClickHouse can come from one of three places: a Docker engine, a server's address in"
          + " TRIBUTARY_CLICKHOUSE_URL, or libchdb through npm (install Node.js with npm and run this"
          + " again)";
  private static final long MIN_LIBRARY_BYTES = 100L << 20;
  private static final long PROGRESS_SECONDS = 2;
  private static final long TIMEOUT_SECONDS = 1800;

  private final Path directory;
  private final Map<String, String> environment;
  private final String platform;

  LibChdb(Map<String, String> environment, String os, String architecture) {
    this.environment = environment;
    this.directory = cache(environment).resolve("libchdb");
    this.platform = platform(os, architecture);
  }

  /**
   * The library's file; downloaded where the cache does not hold it yet. Safe to call from several
   * processes at once: one downloads, the others wait.
   *
   * @param progress gets lines that say what is going on, while it downloads
   * @throws IOException with what to do, where the library cannot be had
   */
  public static Path fetch(Consumer<String> progress) throws IOException {
    return new LibChdb(
            System.getenv(), System.getProperty("os.name"), System.getProperty("os.arch"))
        .fetchInto(progress);
  }

  // A file lock is held by the whole JVM, so threads need a lock of their own.
  Path fetchInto(Consumer<String> progress) throws IOException {
    synchronized (LibChdb.class) {
      Path library = directory.resolve(VERSION + "-" + platform).resolve("libchdb.so");
      if (isLibrary(library)) {
        return library;
      }
      Files.createDirectories(directory);
      try (FileChannel channel =
          FileChannel.open(
              directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        if (channel.tryLock() == null) {
          progress.accept("Waiting for another process that downloads libchdb");
          channel.lock();
        }
        if (!isLibrary(library)) {
          download(library, progress);
        }
      }
      return library;
    }
  }

  private void download(Path library, Consumer<String> progress) throws IOException {
    deleteLeftovers();
    String name = "@chdb/lib-" + platform;
    Path target = Files.createTempDirectory(directory, "download-");
    try {
      progress.accept(
          "Downloading ClickHouse's engine once: %s %s by npm (about 170 MB, 560 MB unpacked) into %s"
              .formatted(name, VERSION, directory));
      install(name + "@" + VERSION, target, progress);
      Path unpacked = target.resolve("node_modules").resolve(name);
      Path found = unpacked.resolve(library.getFileName());
      if (!isLibrary(found)) {
        throw new IOException(
            "npm's package %s %s holds no libchdb.so of a sensible size. %s"
                .formatted(name, VERSION, WAYS_OUT));
      }
      deleteTree(library.getParent());
      Files.move(unpacked, library.getParent(), StandardCopyOption.ATOMIC_MOVE);
      progress.accept("ClickHouse's engine is in " + library);
    } finally {
      deleteTree(target);
    }
  }

  private void install(String what, Path target, Consumer<String> progress) throws IOException {
    Path log = target.resolve("npm.log");
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                npm(),
                "install",
                "--prefix",
                target.toString(),
                "--ignore-scripts",
                "--no-save",
                "--no-audit",
                "--no-fund",
                "--no-package-lock",
                "--loglevel=error",
                what));
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    Process npm = builder.start();
    try {
      long waited = 0;
      while (!npm.waitFor(PROGRESS_SECONDS, TimeUnit.SECONDS)) {
        waited += PROGRESS_SECONDS;
        if (waited > TIMEOUT_SECONDS) {
          throw new IOException("npm did not finish in 30 minutes. " + WAYS_OUT);
        }
        progress.accept("  %d MB unpacked after %d s".formatted(sizeOf(target) >> 20, waited));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while npm downloads libchdb", e);
    } finally {
      npm.destroy();
    }
    if (npm.exitValue() != 0) {
      throw new IOException(
          "npm could not download %s (exit code %d): %s. %s"
              .formatted(
                  what,
                  npm.exitValue(),
                  Files.readString(log, StandardCharsets.UTF_8).strip(),
                  WAYS_OUT));
    }
  }

  private String npm() throws IOException {
    for (String directory : environment.getOrDefault("PATH", "").split(":", -1)) {
      Path npm = Path.of(directory, "npm");
      if (!directory.isEmpty() && Files.isExecutable(npm)) {
        return npm.toString();
      }
    }
    throw new IOException("npm is not on the PATH. " + WAYS_OUT);
  }

  private static String platform(String os, String architecture) {
    boolean arm = architecture.equals("aarch64") || architecture.equals("arm64");
    boolean intel = architecture.equals("amd64") || architecture.equals("x86_64");
    String system = os.toLowerCase(Locale.ROOT);
    if (system.contains("linux") && (arm || intel)) {
      return arm ? "linux-arm64-gnu" : "linux-x64-gnu";
    }
    if (system.contains("mac") && arm) {
      return "darwin-arm64";
    }
    throw new IllegalStateException(
        "There is no libchdb for %s on %s: use a Docker engine, or a server's address in TRIBUTARY_CLICKHOUSE_URL"
            .formatted(os, architecture));
  }

  private static Path cache(Map<String, String> environment) {
    String own = environment.getOrDefault("TRIBUTARY_CACHE", "");
    if (!own.isEmpty()) {
      return Path.of(own).toAbsolutePath();
    }
    String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path base = xdg.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
    return base.toAbsolutePath().resolve("tributary");
  }

  /** The size, and the first bytes of an ELF or a Mach-O file. */
  private static boolean isLibrary(Path file) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) < MIN_LIBRARY_BYTES) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] magic = in.readNBytes(4);
      boolean elf = magic[0] == 0x7f && magic[1] == 'E' && magic[2] == 'L' && magic[3] == 'F';
      boolean machO = (magic[0] & 0xff) == 0xcf && (magic[1] & 0xff) == 0xfa;
      return elf || machO;
    }
  }

  /** What killed downloads left; nobody else downloads while this process holds the lock. */
  private void deleteLeftovers() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().startsWith("download-")) {
          deleteTree(file);
        }
      }
    }
  }

  private static long sizeOf(Path tree) {
    try (Stream<Path> files = Files.walk(tree)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException | UncheckedIOException e) {
      return 0; // npm moves files while they are counted
    }
  }

  private static void deleteTree(Path tree) throws IOException {
    if (Files.exists(tree)) {
      try (Stream<Path> files = Files.walk(tree)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
