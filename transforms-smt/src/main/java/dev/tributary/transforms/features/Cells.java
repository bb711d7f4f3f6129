package dev.tributary.transforms.features;

import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;
import java.util.Arrays;

/**
 * Rows of partial results. A row has some lanes of 64 bits and some objects; each {@link Fold} owns
 * its lanes and objects in every row. A row of zeros and nulls is the result of no event.
 */
final class Cells {
  private static final int HEADERS = 2 * 16 + 24;

  final int laneCount;
  final int objectCount;
  long[] lanes;
  Object[] objects;

  Cells(int laneCount, int objectCount, int rows) {
    this.laneCount = laneCount;
    this.objectCount = objectCount;
    this.lanes = new long[laneCount * rows];
    this.objects = new Object[objectCount * rows];
  }

  long lane(int row, int lane) {
    return lanes[row * laneCount + lane];
  }

  void lane(int row, int lane, long value) {
    lanes[row * laneCount + lane] = value;
  }

  double number(int row, int lane) {
    return Double.longBitsToDouble(lanes[row * laneCount + lane]);
  }

  void number(int row, int lane, double value) {
    lanes[row * laneCount + lane] = Double.doubleToRawLongBits(value);
  }

  Object object(int row, int object) {
    return objects[row * objectCount + object];
  }

  void object(int row, int object, Object value) {
    objects[row * objectCount + object] = value;
  }

  void clear(int row) {
    Arrays.fill(lanes, row * laneCount, (row + 1) * laneCount, 0);
    Arrays.fill(objects, row * objectCount, (row + 1) * objectCount, null);
  }

  /** The rows from one on, in arrays of another length. */
  void resize(int from, int size, int capacity) {
    long[] newLanes = new long[laneCount * capacity];
    Object[] newObjects = new Object[objectCount * capacity];
    System.arraycopy(lanes, from * laneCount, newLanes, 0, size * laneCount);
    System.arraycopy(objects, from * objectCount, newObjects, 0, size * objectCount);
    lanes = newLanes;
    objects = newObjects;
  }

  /** Moves rows; those they leave keep what they held. */
  void move(int from, int to, int size) {
    System.arraycopy(lanes, from * laneCount, lanes, to * laneCount, size * laneCount);
    System.arraycopy(objects, from * objectCount, objects, to * objectCount, size * objectCount);
  }

  void write(int row, StateOutput out) {
    for (int lane = 0; lane < laneCount; lane++) {
      out.number(lane(row, lane));
    }
    for (int object = 0; object < objectCount; object++) {
      CellObject.write(object(row, object), out);
    }
  }

  void read(int row, StateInput in) {
    for (int lane = 0; lane < laneCount; lane++) {
      lane(row, lane, in.number());
    }
    for (int object = 0; object < objectCount; object++) {
      object(row, object, CellObject.read(in));
    }
  }

  /** About how much memory the arrays take. */
  long bytes() {
    return HEADERS + 8L * lanes.length + 4L * objects.length;
  }
}
