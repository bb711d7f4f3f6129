package dev.tributary.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Unpacked programs and what they start with, kept between runs in {@code $TRIBUTARY_CACHE}, else
 * {@code $XDG_CACHE_HOME/tributary}, else {@code ~/.cache/tributary}. Several JVMs may fill it at
 * once: what is there is whole.
 */
final class Cache {
  private static final String OWN = "TRIBUTARY_CACHE";

  private Cache() {}

  /** Unpacks a program into a folder that exists and is empty. */
  @FunctionalInterface
  interface Unpacker {
    void unpackInto(Path folder) throws IOException;
  }

  /** The folder of that name, made by the unpacker if it is not there yet. */
  static Path folder(String name, Environment environment, Unpacker unpacker) throws IOException {
    Path folder = home(environment).resolve(name);
    if (Files.isDirectory(folder)) {
      return folder;
    }
    Path temporary = createBeside(folder);
    try {
      unpacker.unpackInto(temporary);
      Files.move(temporary, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | RuntimeException e) {
      WorkDirectory.delete(temporary);
      if (!Files.isDirectory(folder)) { // else another JVM was faster, and its folder is as good
        throw e;
      }
    }
    return folder;
  }

  private static Path createBeside(Path folder) {
    try {
      Files.createDirectories(folder.getParent());
      return Files.createTempDirectory(folder.getParent(), folder.getFileName() + ".");
    } catch (IOException e) {
      throw new StackException(
          "cannot write to the cache folder " + folder.getParent() + "; name another in " + OWN, e);
    }
  }

  private static Path home(Environment environment) {
    return environment
        .get(OWN)
        .map(Path::of)
        .orElseGet(
            () ->
                environment
                    .get("XDG_CACHE_HOME")
                    .map(Path::of)
                    .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
                    .resolve("tributary"))
        .toAbsolutePath();
  }
}
