package dev.tributary.postgres.position;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Positions as Connect stores them: a flat map, readable by people, with LSNs in server notation.
 *
 * <pre>
 * {"commit_lsn": "0/16B3748", "timeline": 1}                                   between transactions
 * {"commit_lsn": "0/16B3748", "timeline": 1, "tx_final_lsn": "0/16B37A0", "tx_index": 12} inside one
 * {"commit_lsn": "0/16B3748", "snapshot": "running", "snapshot_visible": "742:745:743",
 *  "snapshot_filter": "5e1f03a7",
 *  "snapshot_table": "\"public\".\"orders\"", "snapshot_rest": "\"public\".\"orders\" (2048,17)-"}
 *                                                                              in a snapshot
 * {"commit_lsn": "0/16B3748", "timeline": 1, "incremental": "{...}"}   with an incremental snapshot
 * </pre>
 *
 * <p>The timeline is that of the server's log which the position is from. Where it is missing, the
 * position is taken for one in the log that the server has.
 *
 * <p>Writing keeps the texts of the last LSNs, since all changes of a transaction share theirs; an
 * instance belongs to one thread.
 */
public final class Offsets {
  private static final String COMMIT_LSN = "commit_lsn";
  private static final String TIMELINE = "timeline";
  private static final String TX_FINAL_LSN = "tx_final_lsn";
  private static final String TX_INDEX = "tx_index";
  private static final String SNAPSHOT = "snapshot";
  private static final String SNAPSHOT_VISIBLE = "snapshot_visible";
  private static final String SNAPSHOT_FILTER = "snapshot_filter";
  private static final String SNAPSHOT_TABLE = "snapshot_table";
  private static final String SNAPSHOT_REST = "snapshot_rest";
  private static final String INCREMENTAL = "incremental";
  private static final String RUNNING = "running";

  /** All that an offset may have. */
  public static final Set<String> KEYS =
      Set.of(
          COMMIT_LSN,
          TIMELINE,
          TX_FINAL_LSN,
          TX_INDEX,
          SNAPSHOT,
          SNAPSHOT_VISIBLE,
          SNAPSHOT_FILTER,
          SNAPSHOT_TABLE,
          SNAPSHOT_REST,
          INCREMENTAL);

  private final Integer timeline;

  private Lsn committed = Lsn.ZERO;
  private String committedText = Lsn.ZERO.toString();
  private Lsn transaction = Lsn.ZERO;
  private String transactionText = Lsn.ZERO.toString();

  /**
   * @param timeline of the server's log; 0 if it is not known
   */
  public Offsets(int timeline) {
    this.timeline = timeline == 0 ? null : timeline;
  }

  /** What Connect had stored. */
  public sealed interface Stored {
    /** Nothing. */
    record Nothing() implements Stored {}

    /**
     * A snapshot, not all of which was sent.
     *
     * @param at how far it has got; null if that was not stored
     */
    record Unfinished(SnapshotPosition at) implements Stored {}

    /**
     * A position in the stream.
     *
     * @param timeline of the server's log that it is from; 0 if it is not known
     * @param incremental how far an incremental snapshot has got; null for none
     */
    record At(Position position, int timeline, String incremental) implements Stored {
      public At(Position position) {
        this(position, 0, null);
      }
    }
  }

  /**
   * The offset of a position in the stream.
   *
   * @param incremental how far an incremental snapshot has got; null for none
   */
  public Map<String, Object> of(Position position, String incremental) {
    Map<String, Object> offset = of(position);
    if (incremental == null) {
      return offset;
    }
    Map<String, Object> both = new HashMap<>(offset);
    both.put(INCREMENTAL, incremental);
    return both;
  }

  /** The offset of a position in the stream. */
  public Map<String, Object> of(Position position) {
    if (!position.committed().equals(committed)) {
      committed = position.committed();
      committedText = committed.toString();
    }
    if (!position.inTransaction()) {
      return timeline == null
          ? Map.of(COMMIT_LSN, committedText)
          : Map.of(COMMIT_LSN, committedText, TIMELINE, timeline);
    }
    if (!position.transaction().equals(transaction)) {
      transaction = position.transaction();
      transactionText = transaction.toString();
    }
    return timeline == null
        ? Map.of(
            COMMIT_LSN, committedText, TX_FINAL_LSN, transactionText, TX_INDEX, position.index())
        : Map.of(
            COMMIT_LSN,
            committedText,
            TIMELINE,
            timeline,
            TX_FINAL_LSN,
            transactionText,
            TX_INDEX,
            position.index());
  }

  /** The offset of a position in a snapshot. */
  public static Map<String, Object> of(SnapshotPosition position) {
    Map<String, Object> offset =
        new HashMap<>(
            Map.of(
                COMMIT_LSN,
                position.consistentAt().toString(),
                SNAPSHOT,
                RUNNING,
                SNAPSHOT_VISIBLE,
                position.visible(),
                SNAPSHOT_TABLE,
                position.begunText(),
                SNAPSHOT_REST,
                position.restText()));
    if (position.filter() != null) {
      offset.put(SNAPSHOT_FILTER, position.filter());
    }
    return offset;
  }

  /**
   * Reads what Connect had stored.
   *
   * @param offset null when nothing was
   * @throws IllegalArgumentException if the map is no offset of this connector
   */
  public static Stored read(Map<String, ?> offset) {
    if (offset == null || offset.isEmpty()) {
      return new Stored.Nothing();
    }
    Lsn committed = lsn(offset, COMMIT_LSN);
    if (offset.get(SNAPSHOT) != null) {
      text(offset, SNAPSHOT);
      return new Stored.Unfinished(
          offset.get(SNAPSHOT_VISIBLE) == null
              ? null
              : SnapshotPosition.parse(
                  committed,
                  text(offset, SNAPSHOT_VISIBLE),
                  offset.get(SNAPSHOT_FILTER) == null ? null : text(offset, SNAPSHOT_FILTER),
                  text(offset, SNAPSHOT_TABLE),
                  text(offset, SNAPSHOT_REST)));
    }
    String incremental = offset.get(INCREMENTAL) == null ? null : text(offset, INCREMENTAL);
    int timeline = offset.get(TIMELINE) == null ? 0 : timeline(offset);
    if (offset.get(TX_INDEX) == null && offset.get(TX_FINAL_LSN) == null) {
      return new Stored.At(Position.between(committed), timeline, incremental);
    }
    Position position = new Position(committed, lsn(offset, TX_FINAL_LSN), whole(offset, TX_INDEX));
    return new Stored.At(position, timeline, incremental);
  }

  private static int timeline(Map<String, ?> offset) {
    long timeline = whole(offset, TIMELINE);
    if (timeline < 0 || timeline > 0xFFFF_FFFFL) {
      throw new IllegalArgumentException(
          "timeline " + timeline + " is none that a server can have");
    }
    return (int) timeline;
  }

  private static long whole(Map<String, ?> offset, String key) {
    if (!(offset.get(key) instanceof Number number) || number.longValue() != number.doubleValue()) {
      throw new IllegalArgumentException(
          "the stored offset " + offset + " has no whole number under '" + key + "'");
    }
    return number.longValue();
  }

  private static String text(Map<String, ?> offset, String key) {
    if (!(offset.get(key) instanceof String text)) {
      throw new IllegalArgumentException(
          "the stored offset " + offset + " has no text under '" + key + "'");
    }
    return text;
  }

  private static Lsn lsn(Map<String, ?> offset, String key) {
    if (!(offset.get(key) instanceof String text)) {
      throw new IllegalArgumentException(
          "the stored offset "
              + offset
              + " has no LSN under '"
              + key
              + "'; it was not written by this connector: reset the connector's offsets");
    }
    return Lsn.parse(text);
  }
}
