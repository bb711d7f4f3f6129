package dev.tributary.transforms.score;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;

/**
 * A model in an ONNX file, run by onnxruntime: one input, a tensor of floats or doubles of shape
 * (1, features); of the output, a tensor of floats, doubles or whole numbers, one element is the
 * score.
 */
public final class OnnxModel implements Model {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final String input;
  private final boolean doubles;
  private final String output;
  private final int element;
  private final long[] shape;

  /**
   * Loads a model.
   *
   * @param output the name of the output with the score; empty for the last one
   * @param element which of its elements, from 0; -1 for the last one
   * @throws IllegalArgumentException if the file is no model of that kind
   */
  public OnnxModel(Path file, int features, String output, int element) {
    this.element = element;
    this.shape = new long[] {1, features};
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1); // one record at a time: threads would only wait
      options.setInterOpNumThreads(1);
      this.session = environment.createSession(file.toString(), options);
    } catch (OrtException e) {
      throw new IllegalArgumentException("the model cannot be loaded: " + e.getMessage(), e);
    }
    try {
      Map<String, NodeInfo> inputs = session.getInputInfo();
      if (inputs.size() != 1
          || !(inputs.values().iterator().next().getInfo() instanceof TensorInfo tensor)) {
        throw new IllegalArgumentException("the model has not one tensor as its input");
      }
      this.input = inputs.keySet().iterator().next();
      this.doubles = tensor.type == OnnxJavaType.DOUBLE;
      long[] given = tensor.getShape();
      if (!doubles && tensor.type != OnnxJavaType.FLOAT) {
        throw new IllegalArgumentException("the model's input is no tensor of floats or doubles");
      }
      if (given.length != 2 || (given[1] >= 0 && given[1] != features)) {
        throw new IllegalArgumentException(
            "the model does not take " + features + " features; its input has another shape");
      }
      String last = "";
      for (String name : session.getOutputNames()) {
        last = name;
      }
      this.output = output.isEmpty() ? last : output;
      if (!session.getOutputNames().contains(this.output)) {
        throw new IllegalArgumentException(
            "the model has no output '" + output + "' but " + session.getOutputNames());
      }
    } catch (OrtException e) {
      throw new IllegalArgumentException("the model cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public double score(double[] features) {
    try (OnnxTensor tensor = tensor(features);
        OrtSession.Result result = session.run(Map.of(input, tensor))) {
      return element(result.get(output).orElseThrow());
    } catch (OrtException e) {
      throw new IllegalStateException("the model failed: " + e.getMessage(), e);
    }
  }

  private OnnxTensor tensor(double[] features) throws OrtException {
    if (doubles) {
      return OnnxTensor.createTensor(environment, DoubleBuffer.wrap(features), shape);
    }
    float[] floats = new float[features.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) features[i];
    }
    return OnnxTensor.createTensor(environment, FloatBuffer.wrap(floats), shape);
  }

  private double element(OnnxValue value) {
    if (!(value instanceof OnnxTensor tensor)) {
      throw new IllegalStateException(
          "the model's output '" + output + "' is no tensor (export it without ZipMap)");
    }
    return switch (tensor.getInfo().type) {
      case FLOAT -> {
        FloatBuffer all = tensor.getFloatBuffer();
        yield all.get(index(all.remaining()));
      }
      case DOUBLE -> {
        DoubleBuffer all = tensor.getDoubleBuffer();
        yield all.get(index(all.remaining()));
      }
      case INT64 -> tensor.getLongBuffer().get(index(tensor.getLongBuffer().remaining()));
      default ->
          throw new IllegalStateException(
              "the model's output '" + output + "' is no tensor of numbers");
    };
  }

  private int index(int elements) {
    int index = element < 0 ? elements + element : element;
    if (index < 0 || index >= elements) {
      throw new IllegalStateException(
          "the model's output '" + output + "' has no element " + element);
    }
    return index;
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
