package dev.tributary.postgres.snapshot;

import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.position.Lsn;
import dev.tributary.postgres.position.SnapshotPosition;
import dev.tributary.postgres.position.SnapshotPosition.Range;
import dev.tributary.postgres.position.Tid;
import dev.tributary.postgres.snapshot.TableWork.Chunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What of a snapshot is sent and what is left, as far as tables were begun. Pure; one thread at a
 * time.
 */
final class Ledger {
  private final Lsn consistentAt;
  private final String visible;
  private final String filter;
  private final List<Range> waiting;
  private final List<Entry> open = new ArrayList<>();
  private TableName begun;

  /** From where each chunk of a table is left; null for those done. */
  private record Entry(TableWork work, List<Tid> left) {
    boolean isOf(TableWork other) {
      return work.place().equals(other.place());
    }

    boolean isDone() {
      return left.stream().allMatch(Objects::isNull);
    }
  }

  /**
   * @param start where the snapshot starts or goes on
   */
  Ledger(SnapshotPosition start) {
    consistentAt = start.consistentAt();
    visible = start.visible();
    filter = start.filter();
    begun = start.begun();
    waiting = new ArrayList<>(start.rest());
  }

  /** It is decided what is read of a place; what an earlier run has left of it counts no more. */
  void decide(TableName place) {
    waiting.removeIf(range -> range.table().equals(place));
  }

  /** A table, or a partition of it, is begun. Tables begin in the order of their names. */
  void begin(TableWork work) {
    List<Tid> left = new ArrayList<>();
    work.chunks().forEach(range -> left.add(range.from()));
    open.add(new Entry(work, left));
    if (begun == null || begun.compareTo(work.table()) < 0) {
      begun = work.table();
    }
  }

  /**
   * Rows of a chunk are sent.
   *
   * @param next behind the last of them; null if the chunk is done
   */
  void sent(Chunk chunk, Tid next) {
    for (Entry entry : open) {
      if (entry.isOf(chunk.work())) {
        entry.left().set(chunk.index(), next);
      }
    }
    if (next == null) {
      open.removeIf(Entry::isDone);
    }
  }

  /** Whether all of a table that was begun is sent. */
  boolean isDone(TableName table) {
    return open.stream().noneMatch(entry -> entry.work().table().equals(table));
  }

  /** Where a later session goes on. */
  SnapshotPosition position() {
    List<Range> rest = new ArrayList<>();
    for (Entry entry : open) {
      for (int i = 0; i < entry.left().size(); i++) {
        Tid from = entry.left().get(i);
        if (from != null) {
          add(rest, new Range(entry.work().place(), from, entry.work().chunks().get(i).end()));
        }
      }
    }
    rest.addAll(waiting);
    return new SnapshotPosition(consistentAt, visible, filter, begun, rest);
  }

  /** Ranges that meet become one. */
  private static void add(List<Range> ranges, Range range) {
    int last = ranges.size() - 1;
    if (last >= 0
        && ranges.get(last).table().equals(range.table())
        && ranges.get(last).end().equals(range.from())) {
      ranges.set(last, new Range(range.table(), ranges.get(last).from(), range.end()));
    } else {
      ranges.add(range);
    }
  }
}
