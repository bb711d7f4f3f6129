package dev.tributary.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import one.convert.Arguments;
import one.convert.JfrToFlame;

/**
 * Flame graphs of what is measured, made with the JDK's Flight Recorder: of this JVM, or of another
 * through {@code jcmd}. Without a folder nothing is recorded.
 */
public final class Profiles {
  private final Path folder;

  private Profiles(Path folder) {
    this.folder = folder;
  }

  /** Records nothing. */
  public static Profiles none() {
    return new Profiles(null);
  }

  /** Writes {@code NAME.jfr}, {@code NAME.html} and {@code NAME.txt} into a folder. */
  public static Profiles into(Path folder) throws IOException {
    Files.createDirectories(folder);
    return new Profiles(folder.toAbsolutePath());
  }

  /** Where the profiles go; empty where none are wanted. */
  public Optional<Path> folder() {
    return Optional.ofNullable(folder);
  }

  /** Does the work, and records a JVM meanwhile. */
  public <T> T recorded(String name, long pid, Callable<T> work) throws Exception {
    if (folder == null) {
      return work.call();
    }
    Path file = folder.resolve(name + ".jfr");
    Jcmd.run(pid, "JFR.start", "name=" + name, "settings=profile");
    try {
      return work.call();
    } finally {
      Jcmd.run(pid, "JFR.stop", "name=" + name, "filename=" + file);
      draw(name, file);
    }
  }

  /** Draws what was recorded elsewhere. */
  public void draw(String name, Path recording) throws IOException {
    Path html = folder.resolve(name + ".html");
    Arguments arguments = new Arguments("--title", name, "--cpu");
    JfrToFlame.convert(recording.toString(), html.toString(), arguments);
    Files.write(folder.resolve(name + ".txt"), HotSpots.of(recording).lines());
  }
}
