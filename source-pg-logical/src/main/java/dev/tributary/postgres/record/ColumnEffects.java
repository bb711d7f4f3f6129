package dev.tributary.postgres.record;

import dev.tributary.postgres.catalog.ColumnInfo;
import dev.tributary.postgres.config.ColumnRules.Effect;
import dev.tributary.postgres.config.ColumnRules.Hash;
import dev.tributary.postgres.config.ColumnRules.Mask;
import dev.tributary.postgres.config.ColumnRules.Truncate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/** What the config says shall become of the text in a column: masked, hashed or cut. */
final class ColumnEffects {
  private static final int HEADER = 4; // of a type modifier

  private ColumnEffects() {}

  /** Says in the schema what is done. */
  static void mark(SchemaBuilder schema, List<Effect> effects) {
    for (Effect effect : effects) {
      if (effect instanceof Truncate truncate) {
        schema.parameter("truncateLength", Integer.toString(truncate.length()));
      } else {
        schema.parameter("masked", "true");
      }
    }
  }

  /**
   * What is done to the values of a column.
   *
   * @return null for nothing
   */
  static UnaryOperator<Object> of(ColumnInfo column, Schema schema, List<Effect> effects) {
    if (effects.isEmpty() || schema.type() != Schema.Type.STRING) {
      return null;
    }
    UnaryOperator<Object> all = UnaryOperator.identity();
    for (Effect effect : effects) {
      UnaryOperator<Object> before = all;
      UnaryOperator<Object> next = of(effect, length(column));
      all = value -> next.apply(before.apply(value));
    }
    return all;
  }

  /** Whether there are values that no effect is had on, though one is asked for. */
  static boolean isVain(Schema schema, List<Effect> effects) {
    return schema.type() != Schema.Type.STRING
        && effects.stream().anyMatch(effect -> !(effect instanceof Truncate));
  }

  private static UnaryOperator<Object> of(Effect effect, int columnLength) {
    if (effect instanceof Mask mask) {
      String asterisks = "*".repeat(mask.length());
      return value -> asterisks;
    }
    if (effect instanceof Truncate truncate) {
      return value -> value == null ? null : cut((String) value, truncate.length());
    }
    Hash hash = (Hash) effect;
    return value -> value == null ? null : cut(hashed((String) value, hash), columnLength);
  }

  /** Does not cut a character of two code units in the middle. */
  private static String cut(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    boolean pair = length > 0 && Character.isHighSurrogate(text.charAt(length - 1));
    return text.substring(0, pair ? length - 1 : length);
  }

  private static String hashed(String text, Hash hash) {
    try {
      MessageDigest digest = MessageDigest.getInstance(hash.algorithm());
      digest.update(hash.salt().getBytes(StandardCharsets.UTF_8));
      byte[] bytes = hash.serialized() ? serialized(text) : text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(digest.digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the config has let pass a digest that Java has not", e);
    }
  }

  /** As Debezium's first version of the hash reads a text. */
  private static byte[] serialized(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static int length(ColumnInfo column) {
    return switch (column.type().name()) {
      case "varchar", "bpchar" ->
          column.typeModifier() > HEADER ? column.typeModifier() - HEADER : Integer.MAX_VALUE;
      default -> Integer.MAX_VALUE;
    };
  }
}
