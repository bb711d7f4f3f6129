package dev.tributary.transforms;

import static dev.tributary.transforms.Rows.envelope;
import static dev.tributary.transforms.Rows.record;
import static dev.tributary.transforms.Rows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.transforms.Transformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelScoreTest {
  private static final float[] WEIGHTS = {0.25f, -1.5f, 3f};
  private static final float INTERCEPT = 0.125f;

  @TempDir private Path files;

  private static ModelScore<SinkRecord> transform(String... settings) {
    ModelScore<SinkRecord> transform = new ModelScore<>();
    transform.configure(Rows.settings(Map.of(), settings));
    return transform;
  }

  private static Object score(ModelScore<SinkRecord> transform, Map<String, ?> row) {
    return ((Map<?, ?>) transform.apply(record(row)).value()).get("score");
  }

  @Test
  void sumsWeightedFeatures() {
    ModelScore<SinkRecord> linear =
        transform("weights", "a=2,b.c=-0.5", "intercept", "1", "defaults", "b.c=4");
    assertThat(score(linear, Map.of("a", 3, "b", Map.of("c", 2)))).isEqualTo(6.0);
    assertThat(score(linear, Map.of("a", 3))).as("by default").isEqualTo(5.0);
    assertThat(score(linear, Map.of("b", 1))).as("without a").isNull();
    assertThat(score(linear, Map.of("a", true))).isEqualTo(1.0);
    ModelScore<SinkRecord> logistic =
        transform("model", "logistic", "weights", "a=2", "intercept", "-6");
    assertThat(score(logistic, Map.of("a", 3))).isEqualTo(0.5);
    assertThat((double) score(logistic, Map.of("a", 4)))
        .isCloseTo(1 / (1 + Math.exp(-2)), within(1e-15));
  }

  @Test
  void addsTheScoreToTheRowAndClampsIt() {
    ModelScore<SinkRecord> transform =
        transform(
            "weights", "amount=1", "output.field", "risk", "clamp.min", "0", "clamp.max", "1");
    for (double amount : new double[] {-3, 0.5, 7}) {
      Struct out =
          (Struct) transform.apply(record(envelope("c", null, row(1, 7L, "", amount)))).value();
      out.validate();
      assertThat(out.get("risk")).isEqualTo(Math.max(0, Math.min(1, amount)));
      assertThat(out.get("__op")).isEqualTo("c");
    }
    Struct deleted = envelope("d", row(1, 7L, "", 1.0), null);
    assertThat(((Struct) transform.apply(record(deleted)).value()).schema().field("risk")).isNull();
  }

  @Test
  void refusesWhatIsNoNumberAndOnDemandWhatIsMissing() {
    ModelScore<SinkRecord> transform = transform("weights", "a=1", "missing", "fail");
    SinkRecord text = record(Map.of("a", "secret"));
    assertThatThrownBy(() -> transform.apply(text))
        .isInstanceOf(DataException.class)
        .hasMessageNotContaining("secret");
    SinkRecord without = record(Map.of("b", 1));
    assertThatThrownBy(() -> transform.apply(without))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("the feature 'a' is null or missing");
  }

  @Test
  void givesOnnxruntimesOwnNumbers() throws Exception {
    Path file = Files.write(files.resolve("m.onnx"), OnnxBytes.logistic(WEIGHTS, INTERCEPT));
    ModelScore<SinkRecord> onnx =
        transform("model", "onnx", "onnx.file", file.toString(), "features", "a,b,c");
    ModelScore<SinkRecord> weights =
        transform("model", "logistic", "weights", "a=0.25,b=-1.5,c=3", "intercept", "0.125");
    Random random = new Random(4);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(file.toString())) {
      for (int i = 0; i < 200; i++) {
        float[][] x = {{random.nextFloat() * 4, random.nextFloat() * 4, random.nextFloat() - 0.5f}};
        Map<String, Object> row = new HashMap<>(Map.of("a", x[0][0], "b", x[0][1], "c", x[0][2]));
        double score = (double) score(onnx, row);
        try (OnnxTensor tensor = OnnxTensor.createTensor(environment, x);
            OrtSession.Result own = session.run(Map.of("X", tensor))) {
          assertThat(score).isEqualTo((double) ((float[][]) own.get(0).getValue())[0][0]);
        }
        assertThat(score).isCloseTo((double) score(weights, row), within(1e-6));
      }
    }
    onnx.close();
  }

  @Test
  void tellsWhatDoesNotFitTheModel() throws IOException {
    Path file = Files.write(files.resolve("m.onnx"), OnnxBytes.logistic(WEIGHTS, INTERCEPT));
    String[] onnx = {"model", "onnx", "onnx.file", file.toString()};
    assertMistake("does not take 2 features", onnx, "features", "a,b");
    assertMistake("has no output 'Z' but [Y]", onnx, "features", "a,b,c", "onnx.output", "Z");
    assertMistake("needs 'features'", onnx);
    assertMistake("can be read as 'onnx.file'", onnx, "features", "a", "onnx.file", "/nowhere");
    Path broken = Files.writeString(files.resolve("broken.onnx"), "no model");
    assertMistake("cannot be loaded", onnx, "features", "a", "onnx.file", broken.toString());
    String[] none = {};
    assertMistake("needs 'weights'", none);
    assertMistake("write FIELD=NUMBER", none, "weights", "a=b");
    assertMistake("names what is no feature: [b]", none, "weights", "a=1", "defaults", "b=1");
    assertMistake("clamp.min", none, "weights", "a=1", "clamp.min", "2", "clamp.max", "1");
  }

  private static void assertMistake(String message, String[] first, String... more) {
    List<String> settings = new ArrayList<>(List.of(first));
    settings.addAll(List.of(more));
    assertThatThrownBy(() -> transform(settings.toArray(String[]::new)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }

  @Test
  void loadsWithoutOnnxruntimeAndTellsWhatIsMissingOnceItIsNeeded() throws Exception {
    Path file = Files.write(files.resolve("m.onnx"), OnnxBytes.logistic(WEIGHTS, INTERCEPT));
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(":", -1)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    try (URLClassLoader without = new WithoutOnnxruntime(urls.toArray(URL[]::new))) {
      Transformation<?> transform =
          (Transformation<?>)
              without.loadClass(ModelScore.class.getName()).getDeclaredConstructor().newInstance();
      assertThat(transform.getClass()).isNotEqualTo(ModelScore.class);
      transform.configure(Map.of("weights", "a=1"));
      assertThatThrownBy(
              () ->
                  transform.configure(
                      Map.of("model", "onnx", "onnx.file", file.toString(), "features", "a,b,c")))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("needs onnxruntime");
    }
  }

  /** As a plugin's folder without that jar. */
  private static final class WithoutOnnxruntime extends URLClassLoader {
    WithoutOnnxruntime(URL[] urls) {
      super(urls, ModelScoreTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("ai.onnxruntime")) {
        throw new ClassNotFoundException(name);
      }
      if (name.startsWith("dev.tributary.")) {
        synchronized (getClassLoadingLock(name)) {
          Class<?> loaded = findLoadedClass(name);
          return loaded == null ? ofParentsBytes(name) : loaded;
        }
      }
      return super.loadClass(name, resolve);
    }

    private Class<?> ofParentsBytes(String name) throws ClassNotFoundException {
      try (var in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException | NullPointerException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
