package dev.tributary.clickhouse.types;

import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/** Writers of strings and of what comes as text: UUIDs, enums, addresses. */
final class Texts {
  private Texts() {}

  static ValueWriter string(Schema schema) {
    if (schema != null && schema.type() == Schema.Type.STRING) {
      return (out, value) -> {
        if (!(value instanceof String text)) {
          throw Writers.mismatch(value, "String");
        }
        out.string(text);
      };
    }
    if (Bits.isOne(schema)) {
      return Bits.text(schema);
    }
    return (out, value) -> {
      if (value instanceof String text) {
        out.string(text);
      } else {
        out.string(bytes(value, "String"));
      }
    };
  }

  static ValueWriter fixedString(ColumnType.FixedString type) {
    String name = type.sql();
    int length = type.length();
    return (out, value) -> {
      byte[] bytes = bytes(value, name);
      if (bytes.length > length) {
        throw new UnwritableValueException("the value is longer than " + name);
      }
      out.raw(bytes, 0, bytes.length);
      out.zeros(length - bytes.length);
    };
  }

  static ValueWriter enumeration(ColumnType.Enumeration type) {
    String name = "Enum" + type.bits();
    return (out, value) -> {
      Integer number;
      if (value instanceof String text) {
        number = type.values().get(text);
      } else {
        int ordinal = (int) Numbers.toLong(value, name);
        number = type.values().containsValue(ordinal) ? ordinal : null;
      }
      if (number == null) {
        throw new UnwritableValueException("the value is none of those of the column's " + name);
      }
      if (type.bits() == 8) {
        out.int8(number);
      } else {
        out.int16(number);
      }
    };
  }

  /** Two little-endian halves, the high one first. */
  static void uuid(RowBinary out, Object value) {
    if (value instanceof UUID uuid) {
      out.int64(uuid.getMostSignificantBits());
      out.int64(uuid.getLeastSignificantBits());
      return;
    }
    if (!(value instanceof String text)) {
      throw Writers.mismatch(value, "UUID");
    }
    try {
      // UUID.fromString alone would let short groups pass
      if (text.length() != 36) {
        throw new IllegalArgumentException();
      }
      UUID uuid = UUID.fromString(text);
      out.int64(uuid.getMostSignificantBits());
      out.int64(uuid.getLeastSignificantBits());
    } catch (IllegalArgumentException e) {
      throw new UnwritableValueException("a text that is no UUID does not fit UUID");
    }
  }

  static void ipv4(RowBinary out, Object value) {
    byte[] address = address(value, "IPv4");
    if (address.length != 4) {
      throw new UnwritableValueException("the value is no IPv4 address");
    }
    out.int32(ByteBuffer.wrap(address).getInt());
  }

  static void ipv6(RowBinary out, Object value) {
    byte[] address = address(value, "IPv6");
    if (address.length == 4) {
      out.zeros(10);
      out.int16(0xFFFF);
    }
    out.raw(address, 0, address.length);
  }

  private static byte[] address(Object value, String type) {
    if (!(value instanceof String text)) {
      throw Writers.mismatch(value, type);
    }
    // only literals: a name would be looked up
    boolean literal = !text.isEmpty() && text.length() <= 45;
    int dots = 0;
    for (int i = 0; i < text.length() && literal; i++) {
      char c = text.charAt(i);
      dots += c == '.' ? 1 : 0;
      literal = Character.digit(c, 16) >= 0 || c == ':' || c == '.';
    }
    if (!literal || (text.indexOf(':') < 0 && (dots != 3 || !text.matches("[0-9.]+")))) {
      throw new UnwritableValueException("a text that is no IP address does not fit " + type);
    }
    try {
      return InetAddress.getByName(text).getAddress();
    } catch (UnknownHostException e) {
      throw new UnwritableValueException("a text that is no IP address does not fit " + type);
    }
  }

  private static byte[] bytes(Object value, String type) {
    if (value instanceof byte[] bytes) {
      return bytes;
    }
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return bytes;
    }
    return text(value, type).getBytes(StandardCharsets.UTF_8);
  }

  /** Numbers and points in time keep all their digits. */
  private static String text(Object value, String type) {
    if (value instanceof String text) {
      return text;
    }
    if (value instanceof BigDecimal number) {
      return number.toPlainString();
    }
    if (value instanceof Number || value instanceof Boolean) {
      return value.toString();
    }
    if (value instanceof java.util.Date date) {
      return date.toInstant().toString();
    }
    if (value instanceof Struct struct && VariableScale.isOne(struct.schema())) {
      return VariableScale.value(struct).toPlainString();
    }
    if (value instanceof Struct || value instanceof Map || value instanceof List) {
      StringBuilder json = new StringBuilder();
      Json.append(json, value);
      return json.toString();
    }
    throw Writers.mismatch(value, type);
  }
}
