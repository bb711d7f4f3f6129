package dev.tributary.clickhouse.embedded;

import com.sun.jna.Native;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jpountz.lz4.LZ4Factory;

/**
 * How to start the engine's process, for whoever handles child processes.
 *
 * <p>The process prints {@code LISTENING port} to its output once it answers.
 *
 * @param command the command line
 * @param environment what to add to the environment: without libjsig preloaded, the library takes
 *     the signals that the JVM needs, and the first NullPointerException may kill the process
 */
public record EngineCommand(List<String> command, Map<String, String> environment) {

  /** Copies what is given. */
  public EngineCommand {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /**
   * The command for an engine.
   *
   * @param libchdb the library, from {@link LibChdb#fetch}
   * @param data its directory, made where missing; one process at a time may use it
   * @param port the HTTP port on the loopback address, 0 for a free one
   */
  public static EngineCommand of(Path libchdb, Path data, int port) {
    Path java = Path.of(System.getProperty("java.home"));
    boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
    Path jsig = java.resolve("lib").resolve(mac ? "libjsig.dylib" : "libjsig.so");
    if (!Files.exists(jsig)) {
      throw new IllegalStateException(
          jsig + " is missing: the embedded ClickHouse needs a JDK that has it");
    }
    String classPath =
        Stream.of(EngineCommand.class, Native.class, CityHash.LIBRARY, LZ4Factory.class)
            .map(EngineCommand::location)
            .distinct()
            .collect(Collectors.joining(File.pathSeparator));
    String preload = mac ? "DYLD_INSERT_LIBRARIES" : "LD_PRELOAD";
    List<String> command = new ArrayList<>();
    if (mac) {
      // A shell in between would lose it: macOS takes DYLD_ variables away from its own programs.
      command.addAll(List.of("/usr/bin/env", preload + "=" + jsig));
    }
    command.addAll(
        List.of(
            java.resolve("bin").resolve("java").toString(),
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-Djna.nosys=true",
            "-cp",
            classPath,
            EmbeddedClickHouseMain.class.getName(),
            "--libchdb",
            libchdb.toAbsolutePath().toString(),
            "--data",
            data.toAbsolutePath().toString(),
            "--port",
            Integer.toString(port)));
    return new EngineCommand(command, Map.of(preload, jsig.toString()));
  }

  /** The same with one more option of {@link EmbeddedClickHouseMain}. */
  public EngineCommand with(String option, String value) {
    List<String> longer = new ArrayList<>(command);
    longer.add(option);
    longer.add(value);
    return new EngineCommand(longer, environment);
  }

  private static String location(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null) {
      throw new IllegalStateException("It is not known where " + type.getName() + " comes from");
    }
    try {
      return Path.of(source.getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("No file: " + source.getLocation(), e);
    }
  }
}
