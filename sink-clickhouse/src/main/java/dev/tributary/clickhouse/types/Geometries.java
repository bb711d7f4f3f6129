package dev.tributary.clickhouse.types;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;

/**
 * Writers of Point and of the shapes made of points. Values are Debezium's geometry types (structs
 * with {@code wkb}, the OGC's Well-Known Binary), structs or maps with {@code x} and {@code y}, and
 * lists of such.
 */
final class Geometries {
  private Geometries() {}

  static ValueWriter of(ColumnType.Geo type) {
    ValueWriter plain = Writers.of(type.plain(), null);
    String name = type.sql();
    return (out, value) -> {
      byte[] wkb = wkb(value);
      plain.write(out, wkb == null ? points(value) : new Wkb(wkb, type).read(name));
    };
  }

  /** A struct of a point is read by its names. */
  private static Object points(Object value) {
    if (value instanceof Struct struct) {
      boolean point = struct.schema().field("x") != null && struct.schema().field("y") != null;
      if (!point) {
        throw new UnwritableValueException("a struct without x and y is no point");
      }
      return List.of(struct.get("x"), struct.get("y"));
    }
    return value;
  }

  private static byte[] wkb(Object value) {
    Object bytes = null;
    if (value instanceof Struct struct) {
      Field field = struct.schema().field("wkb");
      bytes = field == null ? null : struct.get(field);
    } else if (value instanceof Map<?, ?> map) {
      bytes = map.get("wkb");
    }
    if (bytes instanceof ByteBuffer buffer) {
      byte[] copy = new byte[buffer.remaining()];
      buffer.duplicate().get(copy);
      return copy;
    }
    if (bytes instanceof String base64) {
      return java.util.Base64.getDecoder().decode(base64);
    }
    return (byte[]) bytes;
  }

  /** Reads one shape, of two dimensions, with or without PostGIS' SRID. */
  private static final class Wkb {
    private static final int SRID_FOLLOWS = 0x2000_0000;

    private final ByteBuffer bytes;
    private final ColumnType.Geo wanted;

    Wkb(byte[] bytes, ColumnType.Geo wanted) {
      this.bytes = ByteBuffer.wrap(bytes);
      this.wanted = wanted;
    }

    Object read(String type) {
      try {
        Object shape = shape(wanted);
        if (bytes.hasRemaining()) {
          throw new UnwritableValueException("the value's WKB is longer than its shape");
        }
        return shape;
      } catch (java.nio.BufferUnderflowException | NegativeArraySizeException e) {
        throw new UnwritableValueException("a value whose WKB is cut off does not fit " + type);
      }
    }

    private Object shape(ColumnType.Geo geo) {
      bytes.order(bytes.get() == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
      int code = bytes.getInt();
      if ((code & SRID_FOLLOWS) != 0) {
        bytes.getInt();
        code &= ~SRID_FOLLOWS;
      }
      if (code != code(geo)) {
        throw new UnwritableValueException("a geometry of another kind does not fit " + geo.sql());
      }
      return switch (geo) {
        case POINT -> point();
        case LINE_STRING, RING -> points();
        case POLYGON -> rings();
        case MULTI_LINE_STRING -> shapes(ColumnType.Geo.LINE_STRING);
        case MULTI_POLYGON -> shapes(ColumnType.Geo.POLYGON);
      };
    }

    /** The OGC's number of a shape. */
    private static int code(ColumnType.Geo geo) {
      return switch (geo) {
        case POINT -> 1;
        case LINE_STRING, RING -> 2;
        case POLYGON -> 3;
        case MULTI_LINE_STRING -> 5;
        case MULTI_POLYGON -> 6;
      };
    }

    private List<Double> point() {
      return List.of(bytes.getDouble(), bytes.getDouble());
    }

    private List<Object> points() {
      int count = count(16);
      List<Object> points = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        points.add(point());
      }
      return points;
    }

    private List<Object> rings() {
      int count = count(4);
      List<Object> rings = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        rings.add(points());
      }
      return rings;
    }

    private List<Object> shapes(ColumnType.Geo each) {
      int count = count(9);
      List<Object> shapes = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        shapes.add(shape(each));
      }
      return shapes;
    }

    /** A damaged count must not make a list of billions. */
    private int count(int leastBytes) {
      int count = bytes.getInt();
      if (count < 0 || (long) count * leastBytes > bytes.remaining()) {
        throw new java.nio.BufferUnderflowException();
      }
      return count;
    }
  }
}
