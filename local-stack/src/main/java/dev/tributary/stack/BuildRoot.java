package dev.tributary.stack;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The root folder of the build, below whose {@code target/} lie the packaged plugins and the class
 * paths of the stack's processes: the system property {@code tributary.root}, else the nearest
 * folder with {@code .mvn} at or above the working directory.
 */
public final class BuildRoot {
  private static final String PROPERTY = "tributary.root";

  private BuildRoot() {}

  /**
   * The root folder.
   *
   * @throws StackException when there is none
   */
  public static Path find() {
    String given = System.getProperty(PROPERTY, "");
    if (!given.isBlank()) {
      return Path.of(given).toAbsolutePath();
    }
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve(".mvn"))) {
        return folder;
      }
    }
    throw new StackException(
        "the working directory is not in the source tree; name its root with -D" + PROPERTY);
  }

  /** Where {@code mvn package} leaves the plugins: a worker's {@code plugin.path}. */
  public static Path plugins() {
    return find().resolve("target").resolve("plugins");
  }

  static Path stack() {
    return find().resolve("target").resolve("stack");
  }
}
