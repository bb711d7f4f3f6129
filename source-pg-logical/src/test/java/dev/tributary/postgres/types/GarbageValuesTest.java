package dev.tributary.postgres.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.postgres.catalog.TypeInfo;
import dev.tributary.postgres.catalog.TypeInfo.Kind;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.kafka.connect.data.Schema;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/**
 * Gives the decoders of every type bytes that are almost values of it, and some that are nothing
 * like them. They read them or refuse them with what {@code RowReader} makes an error of the
 * column; anything else would end the task without a word about the column, or take its memory.
 */
class GarbageValuesTest {
  private static final long SEED = 20_240_607;
  private static final int TRIES = 1_500;
  private static final byte[] ALPHABET =
      "{}[]()<>,;:\"'\\/-+.eE0123456789 NULNaInfBCPTYMDH$%=tfx\u0000"
          .getBytes(StandardCharsets.ISO_8859_1);

  private static final Map<String, String> TEXTS =
      Map.ofEntries(
          Map.entry("bool", "t"),
          Map.entry("int2", "-32768"),
          Map.entry("int4", "2147483647"),
          Map.entry("int8", "-9223372036854775808"),
          Map.entry("float8", "-1.5e-300"),
          Map.entry("numeric", "-123456789012345678901234567890.125"),
          Map.entry("money", "-$1,234.56"),
          Map.entry("text", "gr\u00fc\u00df"),
          Map.entry("uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
          Map.entry("hstore", "\"a\"=>\"b\", \"c \\\"d\"=>NULL"),
          Map.entry("bytea", "\\x00ff7f"),
          Map.entry("bit", "1"),
          Map.entry("varbit", "1011001"),
          Map.entry("date", "0044-03-15 BC"),
          Map.entry("time", "24:00:00"),
          Map.entry("timetz", "12:34:56.789+05:30"),
          Map.entry("timestamp", "2024-02-29 23:59:59.999999"),
          Map.entry("timestamptz", "294276-12-31 23:59:59.999999+00"),
          Map.entry("interval", "1 year 2 mons -3 days +04:05:06.789"),
          Map.entry("point", "(1.5,-2)"),
          Map.entry("line", "{1,2,3}"),
          Map.entry("lseg", "[(1,2),(3,4)]"),
          Map.entry("box", "(3,4),(1,2)"),
          Map.entry("path", "((1,2),(3,4),(5,6))"),
          Map.entry("polygon", "((1,2),(3,4),(5,6))"),
          Map.entry("circle", "<(1,2),3>"),
          Map.entry("geometry", "0101000020E6100000000000000000F03F0000000000000040"),
          Map.entry("vector", "[1.5,2,3]"),
          Map.entry("halfvec", "[1.5,2,3]"),
          Map.entry("sparsevec", "{1:1.5,3:2.25}/5"));

  private static final List<TypeModes> MODES =
      List.of(
          TypeModes.DEFAULT,
          modes(
              TypeModes.Decimals.STRING,
              TypeModes.Times.ISOSTRING,
              TypeModes.Intervals.STRING,
              TypeModes.Binary.HEX,
              TypeModes.Hstore.MAP),
          modes(
              TypeModes.Decimals.DOUBLE,
              TypeModes.Times.STRUCTURED,
              TypeModes.Intervals.NUMERIC,
              TypeModes.Binary.BASE64,
              TypeModes.Hstore.JSON),
          modes(
              TypeModes.Decimals.PRECISE,
              TypeModes.Times.NANOSECONDS,
              TypeModes.Intervals.STRING,
              TypeModes.Binary.BYTES,
              TypeModes.Hstore.MAP));

  private final SplittableRandom random = new SplittableRandom(SEED);

  private static TypeModes modes(
      TypeModes.Decimals decimals,
      TypeModes.Times times,
      TypeModes.Intervals intervals,
      TypeModes.Binary binary,
      TypeModes.Hstore hstore) {
    return new TypeModes(decimals, times, intervals, binary, hstore, 2, "?", false);
  }

  private static TypeInfo type(
      String name, Kind kind, TypeInfo element, List<TypeInfo.Attribute> of) {
    char delimiter = name.equals("box") ? ';' : name.equals("geometry") ? ':' : ',';
    return new TypeInfo(1, "pg_catalog", name, kind, element, null, -1, delimiter, List.of(), of);
  }

  private static TypeInfo base(String name) {
    return type(name, Kind.BASE, null, List.of());
  }

  @Test
  void readsOrRefusesAnyBytesOfEveryTypeAndItsArrays() {
    Assertions.assertTimeoutPreemptively(
        Duration.ofMinutes(2),
        () -> {
          for (TypeModes modes : MODES) {
            for (Map.Entry<String, String> sample : TEXTS.entrySet()) {
              TypeInfo type = base(sample.getKey());
              String text = sample.getValue();
              tryGarbage(modes, type, text);
              String quoted = '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
              TypeInfo array = type("_" + type.name(), Kind.ARRAY, type, List.of());
              tryGarbage(modes, array, "[0:1]={" + quoted + type.delimiter() + "NULL}");
            }
          }
        });
  }

  @Test
  void readsOrRefusesAnyBytesOfCompositesAndRanges() {
    TypeInfo inner =
        type(
            "inner",
            Kind.COMPOSITE,
            null,
            List.of(
                new TypeInfo.Attribute("n", base("numeric"), -1),
                new TypeInfo.Attribute("t", base("timestamp"), -1)));
    TypeInfo outer =
        type(
            "outer",
            Kind.COMPOSITE,
            null,
            List.of(
                new TypeInfo.Attribute("a", inner, -1),
                new TypeInfo.Attribute("b", base("text"), -1)));
    Assertions.assertTimeoutPreemptively(
        Duration.ofMinutes(2),
        () -> {
          for (TypeModes modes : MODES) {
            tryGarbage(modes, inner, "(1.5,\"2024-02-29 23:59:59\")");
            tryGarbage(modes, inner.altered(), "(1.5)");
            tryGarbage(modes, outer, "(\"(1.5,\"\"2024-02-29 23:59:59\"\")\",\"b,\\\"\\\"\")");
            TypeInfo range = type("numrange", Kind.RANGE, null, List.of());
            tryGarbage(modes, range, "[1.5,)");
          }
        });
  }

  /** Some bytes of it would have a scale or a number of digits that no memory holds. */
  @Test
  void refusesNumericsThatTheServerCannotHave() {
    for (String text : List.of("1E999999999", "-1e2147483647", "9e200000", "1E-999999999")) {
      byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
      for (TypeModes modes : MODES.subList(0, 2)) {
        for (int modifier : new int[] {(10 << 16 | 2) + 4, -1}) {
          ValueType numeric = new ValueTypes(modes).of(base("numeric"), modifier).orElseThrow();
          ValueDecoder decoder = numeric.decoder(numeric.schema().get().build());
          if (modes.equals(TypeModes.DEFAULT) || modifier >= 0) {
            assertThatThrownBy(() -> decoder.decode(bytes, 0, bytes.length))
                .isInstanceOfAny(IllegalArgumentException.class, ArithmeticException.class);
          }
        }
      }
    }
  }

  private void tryGarbage(TypeModes modes, TypeInfo type, String sample) {
    int modifier = type.name().endsWith("numeric") ? (30 << 16 | 3) + 4 : -1;
    ValueType value = new ValueTypes(modes).of(type, modifier).orElseThrow();
    Schema column = value.schema().get().optional().build();
    ValueDecoder text = value.decoder(column);
    byte[] valid = sample.getBytes(StandardCharsets.UTF_8);
    Optional<ValueDecoder> binary = BinaryDecoders.of(type, modifier, column, text);
    for (int i = 0; i < TRIES; i++) {
      readOrRefuse(type, text, almost(valid));
      binary.ifPresent(decoder -> readOrRefuse(type, decoder, noise()));
    }
    assertThat(text.decode(valid, 0, valid.length)).as(type.name()).isNotNull();
  }

  private static void readOrRefuse(TypeInfo type, ValueDecoder decoder, byte[] bytes) {
    try {
      decoder.decode(bytes, 0, bytes.length);
    } catch (IllegalArgumentException
        | ArithmeticException
        | IndexOutOfBoundsException
        | DateTimeException
        | CompositeTypes.AlteredException
        | VectorTypes.LongVectorException refused) {
      assertThat(refused).isNotNull();
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError(type.name() + " of " + Arrays.toString(bytes), e);
    }
  }

  /** A valid value with a few bytes changed, left out, doubled or put in; now and then noise. */
  private byte[] almost(byte[] valid) {
    byte[] bytes = random.nextInt(8) == 0 ? new byte[0] : valid.clone();
    int changes = bytes.length == 0 ? random.nextInt(40) : 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(bytes.length + 1);
      int cut = Math.min(random.nextInt(3), bytes.length - at);
      byte[] changed = new byte[bytes.length - cut + random.nextInt(3)];
      System.arraycopy(bytes, 0, changed, 0, Math.min(at, changed.length));
      int tail = bytes.length - at - cut;
      for (int j = at; j < changed.length - tail; j++) {
        changed[j] = any();
      }
      System.arraycopy(bytes, at + cut, changed, changed.length - tail, tail);
      bytes = changed;
    }
    return bytes;
  }

  private byte any() {
    return random.nextInt(10) == 0
        ? (byte) random.nextInt(256)
        : ALPHABET[random.nextInt(ALPHABET.length)];
  }

  /**
   * Lengths and counts of binary values: mostly small, sometimes as large or negative as can be.
   */
  private byte[] noise() {
    byte[] bytes = new byte[random.nextInt(44)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] =
          switch (random.nextInt(4)) {
            case 0 -> (byte) random.nextInt(256);
            case 1 -> (byte) random.nextInt(4);
            case 2 -> (byte) (random.nextBoolean() ? 0x7F : 0xFF);
            default -> 0;
          };
    }
    return bytes;
  }
}
