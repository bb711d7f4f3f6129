package dev.tributary.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes a fresh database cluster and says how to run the embedded Postgres on it. */
final class PostgresProgram {
  private PostgresProgram() {}

  /** The cluster lies in the folder; over TCP the password is really asked for. */
  static Program prepare(
      WorkDirectory directory,
      PostgresAddress address,
      Map<String, String> settings,
      Map<String, String> files,
      Environment environment)
      throws IOException {
    Unprivileged unprivileged = Unprivileged.inFolder(directory.path());
    PostgresInstallation postgres = PostgresInstallation.find(directory, unprivileged, environment);
    unprivileged.own(directory.path());
    new PostgresData(postgres, address.user(), address.password())
        .make(data(directory.path()), directory, unprivileged, environment);
    return program(directory, postgres, unprivileged, address, settings, files);
  }

  /**
   * A standby of a server that runs here: a copy of its data that follows it.
   *
   * @param primary where the server's folder is
   * @param connection to the server
   */
  static Program prepareStandby(
      WorkDirectory directory,
      Path primary,
      Connection connection,
      PostgresAddress address,
      Map<String, String> settings,
      Environment environment)
      throws IOException {
    Unprivileged unprivileged = Unprivileged.inFolder(directory.path());
    PostgresInstallation postgres = PostgresInstallation.find(directory, unprivileged, environment);
    unprivileged.own(directory.path());
    Path data = data(directory.path());
    new PostgresBackup(unprivileged).copy(connection, data(primary), data);
    Path signal = Files.createFile(data.resolve("standby.signal"));
    unprivileged.own(signal);
    return program(directory, postgres, unprivileged, address, settings, Map.of());
  }

  private static Path data(Path folder) {
    return folder.resolve("data");
  }

  private static Program program(
      WorkDirectory directory,
      PostgresInstallation installation,
      Unprivileged unprivileged,
      PostgresAddress address,
      Map<String, String> settings,
      Map<String, String> files)
      throws IOException {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("listen_addresses", address.host());
    all.put("port", String.valueOf(address.port()));
    all.put("unix_socket_directories", "");
    all.put("dynamic_shared_memory_type", "mmap"); // in the data folder, so that nothing stays
    Path folder = write(files, directory, unprivileged);
    settings.forEach(
        (key, value) -> all.put(key, value.replace("${directory}", folder.toString())));
    List<String> postgres = new ArrayList<>();
    postgres.add(installation.program("postgres"));
    postgres.addAll(List.of("-D", data(directory.path()).toString()));
    postgres.addAll(arguments(all));
    // SIGINT is the fast shutdown, which ends sessions; on SIGQUIT it also gives back shared memory
    return new Program("Postgres", unprivileged.command(postgres), directory.path())
        .withSignals("INT", "QUIT");
  }

  /** Writes files that only the server can read, as it asks of keys. */
  private static Path write(
      Map<String, String> files, WorkDirectory directory, Unprivileged unprivileged)
      throws IOException {
    Path folder = Files.createDirectories(directory.resolve("files"));
    unprivileged.own(folder);
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.writeString(path, file.getValue(), StandardCharsets.UTF_8);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      unprivileged.own(path);
    }
    return folder;
  }

  /** Settings as arguments of {@code postgres}. */
  static List<String> arguments(Map<String, String> settings) {
    return settings.entrySet().stream()
        .flatMap(setting -> List.of("-c", setting.getKey() + "=" + setting.getValue()).stream())
        .toList();
  }
}
