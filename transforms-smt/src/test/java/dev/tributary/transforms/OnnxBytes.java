package dev.tributary.transforms;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes a small ONNX model, sigmoid(X W + B), field by field.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>
 */
final class OnnxBytes {
  private static final int FLOAT = 1;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** The model's bytes. */
  static byte[] logistic(float[] weights, float intercept) {
    OnnxBytes graph =
        new OnnxBytes()
            .message(1, node("MatMul", "sums", "X", "W"))
            .message(1, node("Add", "moved", "sums", "B"))
            .message(1, node("Sigmoid", "Y", "moved"))
            .text(2, "g")
            .message(5, tensor("W", weights, weights.length, 1))
            .message(5, tensor("B", new float[] {intercept}, 1))
            .message(11, value("X", 1, weights.length))
            .message(12, value("Y", 1, 1));
    return new OnnxBytes()
        .number(1, 8) // ir_version
        .message(7, graph)
        .message(8, new OnnxBytes().text(1, "").number(2, 13)) // opset
        .bytes
        .toByteArray();
  }

  private static OnnxBytes node(String type, String output, String... inputs) {
    OnnxBytes node = new OnnxBytes();
    for (String input : inputs) {
      node.text(1, input);
    }
    return node.text(2, output).text(3, output).text(4, type);
  }

  private static OnnxBytes tensor(String name, float[] values, int... dims) {
    OnnxBytes tensor = new OnnxBytes();
    for (int dim : dims) {
      tensor.number(1, dim);
    }
    ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      raw.putFloat(value);
    }
    return tensor.number(2, FLOAT).text(8, name).raw(9, raw.array());
  }

  private static OnnxBytes value(String name, int... dims) {
    OnnxBytes shape = new OnnxBytes();
    for (int dim : dims) {
      shape.message(1, new OnnxBytes().number(1, dim));
    }
    OnnxBytes tensor = new OnnxBytes().number(1, FLOAT).message(2, shape);
    return new OnnxBytes().text(1, name).message(2, new OnnxBytes().message(1, tensor));
  }

  private OnnxBytes number(int field, long value) {
    varint((long) field << 3);
    varint(value);
    return this;
  }

  private OnnxBytes text(int field, String value) {
    return raw(field, value.getBytes(StandardCharsets.UTF_8));
  }

  private OnnxBytes message(int field, OnnxBytes value) {
    return raw(field, value.bytes.toByteArray());
  }

  private OnnxBytes raw(int field, byte[] value) {
    varint(((long) field << 3) | 2);
    varint(value.length);
    bytes.writeBytes(value);
    return this;
  }

  private void varint(long value) {
    long left = value;
    while (left >= 0x80) {
      bytes.write((int) ((left & 0x7f) | 0x80));
      left >>>= 7;
    }
    bytes.write((int) left);
  }
}
