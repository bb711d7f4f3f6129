package dev.tributary.transforms.features;

import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;
import java.util.Arrays;

/** Partial results of tiles of one width, ascending; tiles without events are not held. */
final class Level {
  private static final int FIRST_CAPACITY = 4;

  private long[] ids = new long[FIRST_CAPACITY];
  final Cells cells;
  private int head;
  private int end;

  Level(Fold.Layout layout) {
    cells = layout.cells(FIRST_CAPACITY);
  }

  boolean isEmpty() {
    return head == end;
  }

  int size() {
    return end - head;
  }

  int head() {
    return head;
  }

  int end() {
    return end;
  }

  long id(int row) {
    return ids[row];
  }

  long newest() {
    return isEmpty() ? Long.MIN_VALUE : ids[end - 1];
  }

  /** The first row whose tile is not before the given one. */
  int from(long id) {
    if (isEmpty() || id > ids[end - 1]) {
      return end;
    }
    int found = Arrays.binarySearch(ids, head, end, id);
    return found < 0 ? -found - 1 : found;
  }

  /** The row of a tile; made empty if there was none. */
  int place(long id) {
    if (!isEmpty() && id == ids[end - 1]) {
      return end - 1;
    }
    int row = from(id);
    if (row < end && ids[row] == id) {
      return row;
    }
    if (end == ids.length) {
      int offset = head;
      makeRoom();
      row -= offset;
    }
    System.arraycopy(ids, row, ids, row + 1, end - row);
    cells.move(row, row + 1, end - row);
    cells.clear(row);
    ids[row] = id;
    end++;
    return row;
  }

  /** Lets go of the oldest tile. */
  void dropHead() {
    cells.clear(head);
    head++;
    if (head == end) {
      head = 0;
      end = 0;
    }
  }

  /** Gives back memory that nothing is in. */
  void trim() {
    if (isEmpty() && ids.length > FIRST_CAPACITY) {
      ids = new long[FIRST_CAPACITY];
      cells.resize(0, 0, FIRST_CAPACITY);
    }
  }

  void write(StateOutput out) {
    out.number(size());
    long before = 0;
    for (int row = head; row < end; row++) {
      out.number(ids[row] - before);
      before = ids[row];
      cells.write(row, out);
    }
  }

  /** Into an empty one. */
  void read(StateInput in) {
    long id = 0;
    for (int i = in.size(); i > 0; i--) {
      id += in.number();
      cells.read(place(id), in);
    }
  }

  long bytes() {
    return 40 + 16 + 8L * ids.length + cells.bytes();
  }

  /** At the end, by moving up to the front; into longer arrays where little would come free. */
  private void makeRoom() {
    int size = end - head;
    int capacity = head < ids.length / 2 || head == 0 ? 2 * ids.length : ids.length;
    long[] old = ids;
    ids = new long[capacity];
    System.arraycopy(old, head, ids, 0, size);
    cells.resize(head, size, capacity);
    head = 0;
    end = size;
  }
}
