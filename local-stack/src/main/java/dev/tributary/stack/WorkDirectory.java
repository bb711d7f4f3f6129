package dev.tributary.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder {@code tributary-*} in the system's folder for temporary files that belongs to this JVM
 * and goes away with {@link #close}. A JVM that is killed leaves its folders behind: each names its
 * owner's process in the file {@code owner}, and whoever creates the next folder removes those
 * whose owner is gone.
 */
final class WorkDirectory implements AutoCloseable {
  private static final String PREFIX = "tributary-";
  private static final String OWNER_FILE = "owner";

  private final Path path;

  private WorkDirectory(Path path) {
    this.path = path;
  }

  static WorkDirectory create(String purpose) {
    try {
      removeLeftovers(temporaryFiles());
      Path path = Files.createTempDirectory(temporaryFiles(), PREFIX + purpose + "-");
      Files.writeString(path.resolve(OWNER_FILE), Owner.current().toString());
      return new WorkDirectory(path);
    } catch (IOException e) {
      throw new StackException("cannot create a folder in " + temporaryFiles() + ": " + e, e);
    }
  }

  Path path() {
    return path;
  }

  Path resolve(String name) {
    return path.resolve(name);
  }

  @Override
  public void close() {
    delete(path);
  }

  /** Removes the folders in {@code parent} whose owner lives no longer. */
  static void removeLeftovers(Path parent) throws IOException {
    List<Path> candidates;
    try (Stream<Path> found = Files.list(parent)) {
      candidates = found.filter(path -> path.getFileName().toString().startsWith(PREFIX)).toList();
    }
    for (Path candidate : candidates) {
      Path owner = candidate.resolve(OWNER_FILE);
      // without the file it is no folder of ours, or one that is just being made
      if (Files.isReadable(owner) && !Owner.isAlive(owner)) {
        delete(candidate);
      }
    }
  }

  private static Path temporaryFiles() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  /** As much as can be deleted: a process that is about to end may still write into it. */
  static void delete(Path directory) {
    Path owner = directory.resolve(OWNER_FILE);
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (!file.equals(owner)) {
                deleteIfPossible(file);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) {
              if (visited.equals(directory)) {
                deleteIfPossible(owner); // last, so that what is left is still known as ours
              }
              deleteIfPossible(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void deleteIfPossible(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // stays for the next run
    }
  }

  /** A process, told apart from a later one with the same id by the time it was started. */
  private record Owner(long pid, long startMillis) {
    /**
     * Linux tells the start relative to boot; where the clock was set, two JVMs differ a little.
     */
    private static final long START_TOLERANCE_MILLIS = 5_000;

    static Owner current() {
      return of(ProcessHandle.current());
    }

    static Owner of(ProcessHandle process) {
      return new Owner(
          process.pid(), process.info().startInstant().map(Instant::toEpochMilli).orElse(0L));
    }

    static boolean isAlive(Path file) throws IOException {
      try {
        String[] parts = Files.readString(file).trim().split(" ", -1);
        Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(parts[0]));
        long started = Long.parseLong(parts[1]);
        return process.map(p -> Math.abs(of(p).startMillis() - started)).orElse(Long.MAX_VALUE)
            < START_TOLERANCE_MILLIS;
      } catch (NoSuchFileException e) {
        return false;
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
        return true; // being written at this moment
      }
    }

    @Override
    public String toString() {
      return pid + " " + startMillis;
    }
  }
}
