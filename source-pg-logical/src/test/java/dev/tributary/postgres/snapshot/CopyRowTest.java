package dev.tributary.postgres.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.postgres.pgoutput.TupleData;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.WithNull;

class CopyRowTest {
  @Property
  void readsBackWhatCopyWrites(
      @ForAll @NotEmpty List<@WithNull @AlphaChars @Chars({'\t', '\n', '\\', '\r', '\b', '\f', 'N', 'é'}) String>
              values) {
    String line = values.stream().map(CopyRowTest::field).collect(Collectors.joining("\t"));
    assertThat(parse(line + "\n", values.size())).isEqualTo(values);
  }

  @Example
  void refusesALineWithAnotherNumberOfColumns() {
    assertThatThrownBy(() -> parse("a\tb\n", 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> parse("a\n", 2)).isInstanceOf(IllegalArgumentException.class);
    assertThat(parse("\\N\t\\N\n", 2)).isEqualTo(Arrays.asList(null, null));
  }

  private static String field(String value) {
    return value == null
        ? "\\N"
        : value
            .replace("\\", "\\\\")
            .replace("\t", "\\t")
            .replace("\n", "\\n")
            .replace("\r", "\\r")
            .replace("\b", "\\b")
            .replace("\f", "\\f");
  }

  private static List<String> parse(String line, int columns) {
    TupleData row = CopyRow.parse(line.getBytes(StandardCharsets.UTF_8), columns);
    List<String> values = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      values.add(
          row.isNull(i)
              ? null
              : new String(row.bytes(), row.start(i), row.length(i), StandardCharsets.UTF_8));
    }
    return values;
  }
}
