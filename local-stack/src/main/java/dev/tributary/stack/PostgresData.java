package dev.tributary.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The data of a fresh database cluster. {@code initdb} takes most of the time that the start of a
 * server takes, so what it makes is kept, and copied for each server.
 *
 * @param installation that is going to run on it
 * @param user a superuser
 */
record PostgresData(PostgresInstallation installation, String user, String password) {
  /** Makes the data. */
  void make(Path data, WorkDirectory directory, Unprivileged unprivileged, Environment environment)
      throws IOException {
    if (unprivileged.otherUser()) { // who cannot read what is kept
      initdb(data, directory, unprivileged);
      return;
    }
    Path kept =
        Cache.folder(
            installation.name() + "-data-" + HexFormat.of().toHexDigits(hashCodeOfContents()),
            environment,
            folder -> initdb(folder, directory, unprivileged));
    run("copy of initdb's data", directory, List.of("cp", "-R", kept.toString(), data.toString()));
  }

  private int hashCodeOfContents() {
    return List.of(user, password, installation.locale()).hashCode();
  }

  private void initdb(Path data, WorkDirectory directory, Unprivileged unprivileged)
      throws IOException {
    Path file = directory.resolve("password");
    Files.writeString(file, password, StandardCharsets.UTF_8);
    unprivileged.own(file);
    List<String> initdb = new ArrayList<>();
    initdb.add(installation.program("initdb"));
    initdb.add("--pgdata=" + data);
    initdb.add("--username=" + user);
    initdb.add("--pwfile=" + file);
    initdb.add("--auth=scram-sha-256");
    initdb.addAll(installation.locale());
    initdb.addAll(List.of("--no-sync", "--no-instructions"));
    run("initdb", directory, unprivileged.command(initdb));
  }

  private static void run(String what, WorkDirectory directory, List<String> command) {
    ChildProcess.run(new Program("Postgres' " + what, command, directory.path()));
  }
}
