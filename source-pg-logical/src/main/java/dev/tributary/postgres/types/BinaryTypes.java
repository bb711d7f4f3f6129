package dev.tributary.postgres.types;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Function;
import org.apache.kafka.connect.data.SchemaBuilder;

/** {@code bytea} and columns of unknown types, as {@link TypeModes.Binary} has them. */
final class BinaryTypes {
  private final TypeModes modes;

  /** Takes the bytes of a value out of what the server sent. */
  @FunctionalInterface
  interface Bytes {
    byte[] of(byte[] data, int start, int length);
  }

  BinaryTypes(TypeModes modes) {
    this.modes = modes;
  }

  ValueType bytea() {
    return of(TextDecoders::bytea).withoutDefault();
  }

  /** A type that is not known: the bytes of its text. */
  ValueType unknown() {
    return of(TextDecoders::raw).withoutDefault().requiredElement();
  }

  private ValueType of(Bytes bytes) {
    if (modes.binary() == TypeModes.Binary.BYTES) {
      return ValueType.of(SchemaBuilder::bytes, reading(bytes, ByteBuffer::wrap), new byte[0])
          .unavailable(modes.placeholderBytes());
    }
    Function<byte[], String> encode = encoder();
    return ValueType.of(
            SchemaBuilder::string,
            (data, start, length) -> encode.apply(bytes.of(data, start, length)),
            "")
        .unavailable(
            modes.binary() == TypeModes.Binary.HEX // as Debezium has it
                ? modes.placeholderText()
                : encode.apply(modes.placeholderBytes()));
  }

  /** What writes bytes as text. */
  private Function<byte[], String> encoder() {
    return switch (modes.binary()) {
      case BYTES -> throw new IllegalStateException("bytes are not encoded");
      case BASE64 -> Base64.getEncoder()::encodeToString;
      case BASE64_URL_SAFE -> Base64.getUrlEncoder()::encodeToString;
      case HEX -> HexFormat.of()::formatHex;
    };
  }

  private static ValueDecoder reading(Bytes bytes, Function<byte[], Object> toValue) {
    return (data, start, length) -> toValue.apply(bytes.of(data, start, length));
  }
}
