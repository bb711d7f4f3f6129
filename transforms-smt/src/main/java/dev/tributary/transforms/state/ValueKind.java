package dev.tributary.transforms.state;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The classes that the values of fields may have. */
@SuppressWarnings("JavaUtilDate") // the class Connect's logical types are made of
enum ValueKind {
  NULL(0),
  LONG(1),
  INT(2),
  SHORT(3),
  BYTE(4),
  DOUBLE(5),
  FLOAT(6),
  TEXT(7),
  LATIN_TEXT(8),
  TRUE(9),
  FALSE(10),
  DECIMAL(11),
  INTEGER(12),
  DATE(13),
  BYTES(14),
  BUFFER(15),
  LIST(16),
  MAP(17);

  private static final ValueKind[] BY_TAG = byTag();

  /** What stands for it in a snapshot. */
  private final int tag;

  ValueKind(int tag) {
    this.tag = tag;
  }

  private static ValueKind[] byTag() {
    ValueKind[] byTag = new ValueKind[values().length];
    for (ValueKind kind : values()) {
      byTag[kind.tag] = kind;
    }
    return byTag;
  }

  static void write(Object value, StateOutput out) {
    ValueKind kind = of(value);
    out.number(kind.tag);
    switch (kind) {
      case NULL, TRUE, FALSE -> {}
      case LONG, INT, SHORT, BYTE -> out.number(((Number) value).longValue());
      case DOUBLE -> out.real((Double) value);
      case FLOAT -> out.number(Float.floatToRawIntBits((Float) value));
      case TEXT -> out.bytes(chars((String) value));
      case LATIN_TEXT -> out.bytes(((String) value).getBytes(StandardCharsets.ISO_8859_1));
      case DECIMAL -> {
        out.number(((BigDecimal) value).scale());
        out.bytes(((BigDecimal) value).unscaledValue().toByteArray());
      }
      case INTEGER -> out.bytes(((BigInteger) value).toByteArray());
      case DATE -> out.number(((Date) value).getTime());
      case BYTES -> out.bytes((byte[]) value);
      case BUFFER -> {
        ByteBuffer buffer = ((ByteBuffer) value).duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        out.bytes(bytes);
      }
      case LIST -> {
        List<?> list = (List<?>) value;
        out.number(list.size());
        list.forEach(element -> write(element, out));
      }
      case MAP -> {
        Map<?, ?> map = (Map<?, ?>) value;
        out.number(map.size());
        map.forEach(
            (key, element) -> {
              write(key, out);
              write(element, out);
            });
      }
    }
  }

  /** As they are: a charset has no form for half of a surrogate pair. */
  private static byte[] chars(String text) {
    byte[] bytes = new byte[2 * text.length()];
    ByteBuffer.wrap(bytes).asCharBuffer().put(text);
    return bytes;
  }

  static Object read(StateInput in) {
    return switch (BY_TAG[in.size()]) {
      case NULL -> null;
      case TRUE -> true;
      case FALSE -> false;
      case LONG -> in.number();
      case INT -> (int) in.number();
      case SHORT -> (short) in.number();
      case BYTE -> (byte) in.number();
      case DOUBLE -> in.real();
      case FLOAT -> Float.intBitsToFloat((int) in.number());
      case TEXT -> ByteBuffer.wrap(in.bytes()).asCharBuffer().toString();
      case LATIN_TEXT -> new String(in.bytes(), StandardCharsets.ISO_8859_1);
      case DECIMAL -> {
        int scale = (int) in.number();
        yield new BigDecimal(new BigInteger(in.bytes()), scale);
      }
      case INTEGER -> new BigInteger(in.bytes());
      case DATE -> new Date(in.number());
      case BYTES -> in.bytes();
      case BUFFER -> ByteBuffer.wrap(in.bytes());
      case LIST -> {
        List<Object> list = new ArrayList<>();
        for (int i = in.size(); i > 0; i--) {
          list.add(read(in));
        }
        yield list;
      }
      case MAP -> {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int i = in.size(); i > 0; i--) {
          Object key = read(in);
          map.put(key, read(in));
        }
        yield map;
      }
    };
  }

  private static boolean isLatin(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0xff) {
        return false;
      }
    }
    return true;
  }

  private static ValueKind of(Object value) {
    if (value == null) {
      return NULL;
    }
    Class<?> type = value.getClass();
    if (type == Long.class) {
      return LONG;
    }
    if (type == Integer.class) {
      return INT;
    }
    if (type == Double.class) {
      return DOUBLE;
    }
    if (value instanceof String text) {
      return isLatin(text) ? LATIN_TEXT : TEXT;
    }
    if (type == Boolean.class) {
      return (Boolean) value ? TRUE : FALSE;
    }
    if (type == BigDecimal.class) {
      return DECIMAL;
    }
    if (type == BigInteger.class) {
      return INTEGER;
    }
    if (type == Short.class) {
      return SHORT;
    }
    if (type == Byte.class) {
      return BYTE;
    }
    if (type == Float.class) {
      return FLOAT;
    }
    if (type == Date.class) {
      return DATE;
    }
    if (type == byte[].class) {
      return BYTES;
    }
    if (value instanceof ByteBuffer) {
      return BUFFER;
    }
    if (value instanceof List) {
      return LIST;
    }
    if (value instanceof Map) {
      return MAP;
    }
    throw new NotStorableException(value);
  }
}
