package dev.tributary.postgres.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.position.Offsets.Stored;
import dev.tributary.postgres.position.SnapshotPosition.Range;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SnapshotPositionTest {
  @Property
  void comesBackFromTheOffsetAsItWas(
      @ForAll @Size(max = 4) List<String> names,
      @ForAll @IntRange(max = 1 << 30) int block,
      @ForAll @IntRange(max = 291) int item) {
    List<Range> rest =
        names.stream()
            .map(name -> new TableName(name, "\"; \"" + name))
            .map(table -> new Range(table, new Tid(block, item), Tid.END))
            .toList();
    SnapshotPosition position =
        new SnapshotPosition(
            Lsn.parse("16/B374D848"),
            "742:745:743",
            rest.isEmpty() ? null : "5e1f03a7",
            rest.isEmpty() ? null : rest.get(0).table(),
            rest);
    assertThat(Offsets.read(Offsets.of(position))).isEqualTo(new Stored.Unfinished(position));
  }

  @Test
  void canBeReadByPeople() {
    TableName orders = new TableName("public", "orders");
    SnapshotPosition position =
        new SnapshotPosition(
            Lsn.parse("0/16B3748"),
            "742:742:",
            "5e1f03a7",
            orders,
            List.of(
                new Range(orders, new Tid(2048, 17), Tid.ofBlock(4096)),
                new Range(orders, Tid.ofBlock(6144), Tid.END)));
    assertThat(Offsets.of(position))
        .isEqualTo(
            Map.of(
                "commit_lsn", "0/16B3748",
                "snapshot", "running",
                "snapshot_visible", "742:742:",
                "snapshot_filter", "5e1f03a7",
                "snapshot_table", "\"public\".\"orders\"",
                "snapshot_rest",
                    "\"public\".\"orders\" (2048,17)-(4096,0); \"public\".\"orders\" (6144,0)-"));
  }

  @Test
  void refusesWhatIsNoPosition() {
    for (String rest : List.of("public.t (0,0)-", "\"a\".\"b\" 0-1", "\"a\".\"b\" (0,0)-; x")) {
      assertThatThrownBy(() -> SnapshotPosition.parse(Lsn.ZERO, "1:1:", null, "", rest))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> SnapshotPosition.parse(Lsn.ZERO, "now", null, "", ""))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SnapshotPosition.parse(Lsn.ZERO, "1:1:", null, "orders", ""))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
