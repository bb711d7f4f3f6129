package dev.tributary.clickhouse.types;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TypeParserTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Int8",
        "UInt256",
        "Float32",
        "Bool",
        "String",
        "UUID",
        "IPv6",
        "FixedString(16)",
        "Decimal(76, 38)",
        "Date32",
        "DateTime",
        "DateTime('Europe/Berlin')",
        "DateTime64(9)",
        "DateTime64(3, 'UTC')",
        "Enum8('a' = -1, 'it\\'s' = 2)",
        "LowCardinality(Nullable(String))",
        "Array(Array(Nullable(Int8)))",
        "Map(LowCardinality(String), Array(UInt16))",
        "Tuple(Int8, String)",
        "Tuple(`a` Nullable(Decimal(10, 2)), `b c` Array(Tuple(`d` Int8)))",
      })
  void readsATypeAndWritesItBack(String type) {
    assertThat(TypeParser.parse(type))
        .isNotInstanceOf(ColumnType.Unsupported.class)
        .extracting(ColumnType::sql)
        .isEqualTo(type);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AggregateFunction(sum, UInt64)",
        "Dynamic(max_types = 8)",
        "IntervalDay",
        "Array(",
        "Tuple(a Int8, String)",
        "DateTime('Nowhere/Land')",
        "Enum8('a",
        "",
      })
  void keepsATypeItDoesNotKnowAsText(String type) {
    assertThat(TypeParser.parse(type)).isEqualTo(new ColumnType.Unsupported(type));
  }

  @Test
  void writesASimpleAggregateAsItsValue() {
    assertThat(TypeParser.parse("SimpleAggregateFunction(groupArrayArray(10), Array(String))"))
        .isEqualTo(new ColumnType.Array(ColumnType.Plain.STRING));
  }

  @Test
  void tellsNamesOfElementsFromTheirTypes() {
    assertThat(TypeParser.parse("Tuple(String String, Array Array(Int8))"))
        .isEqualTo(
            new ColumnType.Tuple(
                List.of("String", "Array"),
                List.of(
                    ColumnType.Plain.STRING, new ColumnType.Array(new ColumnType.Int(8, true)))));
  }
}
