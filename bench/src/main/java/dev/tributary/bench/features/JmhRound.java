package dev.tributary.bench.features;

import dev.tributary.bench.harness.Measurement;
import dev.tributary.bench.harness.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Stream;
import org.openjdk.jmh.profile.JavaFlightRecorderProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** One JMH benchmark in a JVM of its own, warmed up there: one round of a contest. */
final class JmhRound {
  /** Beside the rate, in {@link Measurement#more}. */
  static final String ON_THE_CLOCK = "records/s on the clock";

  static final String ALLOCATED = "bytes allocated/record";

  private static final TimeValue ITERATION = TimeValue.seconds(2);

  private final Run run;
  private final String method;
  private final Map<String, String> parameters;

  JmhRound(Run run, Class<?> benchmark, String method, Map<String, String> parameters) {
    this.run = run;
    this.method = benchmark.getName() + "." + method;
    this.parameters = parameters;
  }

  /** The rate is records for each second of processor time, the one on the clock beside it. */
  Measurement measure() throws RunnerException {
    return measure(options());
  }

  /** The same, and a profile of it where profiles are wanted. */
  Measurement measureAndProfile(String name) throws RunnerException, IOException {
    ChainedOptionsBuilder options = options();
    if (run.profiles().folder().isEmpty()) {
      return measure(options);
    }
    Path folder = Files.createTempDirectory("bench-jfr");
    options.addProfiler(JavaFlightRecorderProfiler.class, "dir=" + folder);
    Measurement measured = measure(options);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".jfr")).toList()) {
        run.profiles().draw(name, file);
      }
    }
    return measured;
  }

  private ChainedOptionsBuilder options() {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + method.replace(".", "\\.") + "$")
            .verbosity(VerboseMode.SILENT)
            .forks(1)
            .warmupIterations(run.size(2, 4))
            .warmupTime(ITERATION)
            .measurementIterations(run.size(2, 5))
            .measurementTime(ITERATION)
            .jvmArgsAppend("-Xms1g", "-Xmx1g", "-Djmh.ignoreLock=true")
            .shouldFailOnError(true);
    parameters.forEach(options::param);
    return options;
  }

  private static Measurement measure(ChainedOptionsBuilder options) throws RunnerException {
    Collection<RunResult> results = new Runner(options.build()).run();
    if (results.size() != 1) {
      throw new IllegalStateException("one benchmark should have run, not " + results.size());
    }
    RunResult result = results.iterator().next();
    double records = counter(result, "records");
    return Measurement.of(records / (counter(result, "cpuNanos") / 1e9))
        .with(ON_THE_CLOCK, result.getPrimaryResult().getScore())
        .with(ALLOCATED, counter(result, "bytes") / records);
  }

  private static double counter(RunResult result, String name) {
    return result.getSecondaryResults().get(name).getScore();
  }
}
