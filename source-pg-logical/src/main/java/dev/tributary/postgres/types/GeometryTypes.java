package dev.tributary.postgres.types;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/**
 * The geometric types of the server: points, lines and circles by their numbers, the others as
 * well-known binary.
 *
 * @see <a href="https://www.postgresql.org/docs/current/datatype-geometric.html">Geometric
 *     Types</a>
 * @see <a href="https://www.ogc.org/standard/sfa/">OGC Simple Feature Access, 8.2 Well-known
 *     Binary</a>
 */
final class GeometryTypes {
  private static final int WKB_POINT = 1;
  private static final int WKB_LINE_STRING = 2;
  private static final int WKB_POLYGON = 3;
  private static final int EWKB_SRID = 0x2000_0000;
  private static final String EMPTY_COLLECTION = "010700000000000000";
  private static final String TYPE = "type";

  private GeometryTypes() {}

  static ValueType point() {
    return type(
        Schemas::point, 2, "(0,0)", (struct, numbers) -> putPoint(struct, numbers[0], numbers[1]));
  }

  private static void putPoint(Struct struct, double x, double y) {
    ByteBuffer wkb = wkb(WKB_POINT, Double.BYTES * 2).putDouble(x).putDouble(y);
    struct.put("x", x).put("y", y).put("wkb", written(wkb));
  }

  static ValueType line() {
    return type(
            Schemas::line,
            3,
            "{0,1,0}",
            (struct, numbers) ->
                struct.put("a", numbers[0]).put("b", numbers[1]).put("c", numbers[2]))
        .alwaysOptional(true);
  }

  static ValueType circle() {
    return type(
            Schemas::circle,
            3,
            "<(0,0),0>",
            (struct, numbers) -> {
              Struct center = new Struct(Schemas.POINT);
              putPoint(center, numbers[0], numbers[1]);
              struct.put("center", center).put("radius", numbers[2]);
            })
        .alwaysOptional(true);
  }

  static ValueType segment() {
    return geometry(
        4,
        "[(0,0),(1,0)]",
        (struct, numbers) -> putGeometry(struct, lineString(numbers), Map.of(TYPE, "lseg")));
  }

  /** The corners from the upper right one on, clockwise. */
  static ValueType box() {
    return geometry(
        4,
        "(0,0),(1,1)",
        (struct, numbers) -> {
          double[] ring = {
            numbers[0],
            numbers[1],
            numbers[0],
            numbers[3],
            numbers[2],
            numbers[3],
            numbers[2],
            numbers[1],
            numbers[0],
            numbers[1]
          };
          putGeometry(struct, polygon(ring), Map.of(TYPE, "box"));
        });
  }

  static ValueType path() {
    ValueType open =
        geometry(
            2,
            "[(0,0),(1,0)]",
            (struct, numbers) -> putGeometry(struct, lineString(numbers), Map.of(TYPE, "path")));
    return ValueType.reading(
            Schemas::geometry,
            column ->
                (data, start, length) -> {
                  String closed = Boolean.toString(length > 0 && data[start] == '(');
                  Struct struct = new Struct(column);
                  double[] numbers = numbers(data, start, length, 2);
                  putGeometry(struct, lineString(numbers), Map.of(TYPE, "path", "closed", closed));
                  return struct;
                },
            open.zero())
        .withoutDefault()
        .alwaysOptional(true);
  }

  static ValueType polygon() {
    return geometry(
        2,
        "((0,0),(1,0),(0,1))",
        (struct, numbers) ->
            putGeometry(struct, polygon(closed(numbers)), Map.of(TYPE, "polygon")));
  }

  /** A ring ends where it starts. */
  private static double[] closed(double[] numbers) {
    int end = numbers.length - 2;
    if (numbers[0] == numbers[end] && numbers[1] == numbers[end + 1]) {
      return numbers;
    }
    double[] ring = Arrays.copyOf(numbers, numbers.length + 2);
    ring[end + 2] = numbers[0];
    ring[end + 3] = numbers[1];
    return ring;
  }

  private static byte[] lineString(double[] numbers) {
    ByteBuffer wkb = wkb(WKB_LINE_STRING, Integer.BYTES + numbers.length * Double.BYTES);
    wkb.putInt(numbers.length / 2);
    Arrays.stream(numbers).forEach(wkb::putDouble);
    return written(wkb);
  }

  private static byte[] polygon(double[] ring) {
    ByteBuffer wkb = wkb(WKB_POLYGON, 2 * Integer.BYTES + ring.length * Double.BYTES);
    wkb.putInt(1).putInt(ring.length / 2);
    Arrays.stream(ring).forEach(wkb::putDouble);
    return written(wkb);
  }

  private static ByteBuffer wkb(int type, int length) {
    ByteBuffer wkb = ByteBuffer.allocate(1 + Integer.BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
    return wkb.put((byte) 1).putInt(type);
  }

  private static byte[] written(ByteBuffer wkb) {
    byte[] bytes = new byte[wkb.position()];
    wkb.flip().get(bytes);
    return bytes;
  }

  private static void putGeometry(Struct struct, byte[] wkb, Map<String, String> extensions) {
    struct.put("wkb", wkb).put("extensions", extensions);
  }

  private static ValueType geometry(int least, String zero, BiConsumer<Struct, double[]> reader) {
    return type(Schemas::geometry, least, zero, reader).alwaysOptional(true);
  }

  /**
   * @param least how many numbers a value has at least
   * @param zero what stands for no value where there must be one, as text
   */
  private static ValueType type(
      Supplier<SchemaBuilder> schema, int least, String zero, BiConsumer<Struct, double[]> reader) {
    byte[] nothing = zero.getBytes(StandardCharsets.US_ASCII);
    return ValueType.reading(
            schema,
            column ->
                (data, start, length) -> read(column, numbers(data, start, length, least), reader),
            read(schema.get().build(), numbers(nothing, 0, nothing.length, least), reader))
        .withoutDefault();
  }

  private static Struct read(Schema schema, double[] numbers, BiConsumer<Struct, double[]> reader) {
    Struct struct = new Struct(schema);
    reader.accept(struct, numbers);
    return struct;
  }

  /** PostGIS writes extended well-known binary, in hexadecimal. */
  static ValueType postgis(String name) {
    Supplier<SchemaBuilder> schema = () -> Schemas.postgis(name);
    Struct empty = ewkb(schema.get().build(), HexFormat.of().parseHex(EMPTY_COLLECTION));
    return ValueType.reading(
            schema,
            column ->
                (data, start, length) ->
                    ewkb(column, HexFormat.of().parseHex(TextDecoders.ascii(data, start, length))),
            empty)
        .withoutDefault()
        .alwaysOptional(name.equals("geometry"));
  }

  private static Struct ewkb(Schema schema, byte[] bytes) {
    if (bytes.length < 1 + Integer.BYTES) {
      throw new IllegalArgumentException("not extended well-known binary");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    in.order(in.get() == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    boolean hasSrid = (in.getInt() & EWKB_SRID) != 0 && in.remaining() >= Integer.BYTES;
    return new Struct(schema).put("wkb", bytes).put("srid", hasSrid ? in.getInt() : null);
  }

  /**
   * The numbers of a value, whatever is between them.
   *
   * @param least how many there must be
   */
  private static double[] numbers(byte[] data, int start, int length, int least) {
    double[] numbers = new double[8];
    int count = 0;
    int end = start + length;
    for (int at = start; at < end; ) {
      int stop = at;
      while (stop < end && isPartOfNumber(data[stop])) {
        stop++;
      }
      if (stop > at) {
        if (count == numbers.length) {
          numbers = Arrays.copyOf(numbers, 2 * count);
        }
        numbers[count++] = Double.parseDouble(TextDecoders.ascii(data, at, stop - at));
      }
      at = stop + 1;
    }
    if (count < least) {
      throw new IllegalArgumentException("not a geometric value");
    }
    return Arrays.copyOf(numbers, count);
  }

  private static boolean isPartOfNumber(byte b) {
    return b != '(' && b != ')' && b != '[' && b != ']' && b != '{' && b != '}' && b != '<'
        && b != '>' && b != ',';
  }
}
