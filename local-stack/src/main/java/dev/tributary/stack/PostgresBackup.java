package dev.tributary.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/**
 * A copy of the data of a running server, as {@code pg_basebackup} makes one, which the embedded
 * Postgres does not have.
 *
 * @see <a href="https://www.postgresql.org/docs/current/continuous-archiving.html">Making a Base
 *     Backup Using the Low Level API</a>
 */
final class PostgresBackup {
  /** Folders whose contents are the running server's own. */
  private static final Set<String> LEFT_EMPTY =
      Set.of(
          "pg_replslot",
          "pg_dynshmem",
          "pg_notify",
          "pg_serial",
          "pg_snapshots",
          "pg_stat_tmp",
          "pg_subtrans");

  private static final Set<String> LEFT_OUT = Set.of("postmaster.pid", "postmaster.opts");

  private final Unprivileged unprivileged;

  /**
   * @param unprivileged to whom the copy is to belong
   */
  PostgresBackup(Unprivileged unprivileged) {
    this.unprivileged = unprivileged;
  }

  /**
   * Copies.
   *
   * @param connection to the server
   * @param data the server's data
   * @param copy not there yet
   */
  void copy(Connection connection, Path data, Path copy) throws IOException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("select pg_backup_start('standby', true)");
      Files.walkFileTree(data, new Copying(data, copy));
      try (ResultSet row = statement.executeQuery("select labelfile from pg_backup_stop(false)")) {
        row.next();
        Path label = copy.resolve("backup_label");
        Files.writeString(label, row.getString(1), StandardCharsets.UTF_8);
        unprivileged.own(label);
      }
    } catch (SQLException e) {
      throw new StackException("no backup of Postgres: " + e.getMessage(), e);
    }
  }

  private final class Copying extends SimpleFileVisitor<Path> {
    private final Path from;
    private final Path to;

    Copying(Path from, Path to) {
      this.from = from;
      this.to = to;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
        throws IOException {
      copy(folder);
      return LEFT_EMPTY.contains(from.relativize(folder).toString())
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (!LEFT_OUT.contains(from.relativize(file).toString())) {
        copy(file);
      }
      return FileVisitResult.CONTINUE;
    }

    /** The server removes files all the while, which the log then tells. */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }

    private void copy(Path source) throws IOException {
      Path target = to.resolve(from.relativize(source).toString());
      try {
        Files.copy(source, target, StandardCopyOption.COPY_ATTRIBUTES);
      } catch (NoSuchFileException gone) {
        return;
      }
      unprivileged.own(target);
    }
  }
}
