package dev.tributary.clickhouse.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With a stand-in for npm; that the real one works is what all other tests of this module show. */
class LibChdbTest {

  private static final String GOOD_NPM =
      """
      echo run >> "$(dirname "$0")/runs"
      package=$3/node_modules/@chdb/lib-linux-x64-gnu
      mkdir -p "$package"
      sleep 1
      printf '\\177ELF' > "$package/libchdb.so"
      truncate -s 200M "$package/libchdb.so"
      """;

  @TempDir Path directory;
  private Path bin;
  private Path cache;

  @BeforeEach
  void makeFolders() throws IOException {
    bin = Files.createDirectory(directory.resolve("bin"));
    cache = directory.resolve("cache");
  }

  @Test
  void downloadsOnceAndTellsSo() throws Exception {
    npm(GOOD_NPM);
    List<String> progress = new ArrayList<>();

    Path first = library().fetchInto(progress::add);
    Path second = library().fetchInto(line -> progress.add("again"));

    assertThat(first).exists().startsWith(cache).isEqualTo(second);
    assertThat(progress.get(0)).contains("Downloading", "@chdb/lib-linux-x64-gnu", "MB");
    assertThat(progress).doesNotContain("again");
    assertThat(bin.resolve("runs")).hasContent("run");
    assertThat(folder(first.getParent().getParent()))
        .containsExactlyInAnyOrder("lock", first.getParent().getFileName().toString());
  }

  @Test
  void downloadsOnceForSeveralProcesses() throws Exception {
    npm(GOOD_NPM);
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ProcessBuilder builder =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-cp",
              System.getProperty("java.class.path"),
              Fetch.class.getName(),
              cache.toString(),
              bin.toString());
      processes.add(builder.inheritIO().start());
    }
    for (Process process : processes) {
      assertThat(process.waitFor()).isZero();
    }

    assertThat(bin.resolve("runs")).hasContent("run");
  }

  @Test
  void namesTheThreeWaysOutWhereNpmIsMissing() {
    assertThatThrownBy(() -> library().fetchInto(line -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("npm is not on the PATH")
        .hasMessageContaining("Docker")
        .hasMessageContaining("TRIBUTARY_CLICKHOUSE_URL")
        .hasMessageContaining("npm");
  }

  @Test
  void saysWhatNpmSaidWhereItFails() throws Exception {
    npm("echo no network >&2; exit 7");

    assertThatThrownBy(() -> library().fetchInto(line -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("exit code 7")
        .hasMessageContaining("no network")
        .hasMessageContaining("TRIBUTARY_CLICKHOUSE_URL");
    assertThat(folder(cache.resolve("libchdb"))).containsExactly("lock");
  }

  @Test
  void doesNotTakeAPackageWithoutALibrary() throws Exception {
    npm(GOOD_NPM.replace("200M", "1M"));

    assertThatThrownBy(() -> library().fetchInto(line -> {}))
        .hasMessageContaining("holds no libchdb.so");
    assertThat(folder(cache.resolve("libchdb"))).containsExactly("lock");
  }

  @Test
  void clearsAwayWhatAKilledDownloadLeft() throws Exception {
    Path leftover = cache.resolve("libchdb/download-123/node_modules");
    Files.createDirectories(leftover);
    npm(GOOD_NPM);

    library().fetchInto(line -> {});

    assertThat(leftover).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"Linux,aarch64,linux-arm64-gnu", "Mac OS X,aarch64,darwin-arm64"})
  void asksForThePackageOfItsPlatform(String os, String architecture, String platform)
      throws Exception {
    npm(GOOD_NPM.replace("linux-x64-gnu", platform));

    Path library = new LibChdb(environment(), os, architecture).fetchInto(line -> {});

    assertThat(library.getParent().getFileName().toString()).endsWith("-" + platform);
  }

  @Test
  void saysWhereThereIsNone() {
    assertThatThrownBy(() -> new LibChdb(environment(), "Windows 11", "amd64"))
        .hasMessageContaining("There is no libchdb for Windows 11 on amd64")
        .hasMessageContaining("TRIBUTARY_CLICKHOUSE_URL");
  }

  /** Another process. */
  static final class Fetch {
    public static void main(String[] arguments) throws IOException {
      Map<String, String> environment =
          Map.of("TRIBUTARY_CACHE", arguments[0], "PATH", arguments[1] + ":/usr/bin:/bin");
      new LibChdb(environment, "Linux", "amd64").fetchInto(line -> {});
    }
  }

  private LibChdb library() {
    return new LibChdb(environment(), "Linux", "amd64");
  }

  private Map<String, String> environment() {
    return Map.of("TRIBUTARY_CACHE", cache.toString(), "PATH", bin.toString());
  }

  private void npm(String script) throws IOException {
    File npm = bin.resolve("npm").toFile();
    Files.writeString(npm.toPath(), "#!/bin/sh\n" + script);
    assertThat(npm.setExecutable(true)).isTrue();
  }

  private static List<String> folder(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
