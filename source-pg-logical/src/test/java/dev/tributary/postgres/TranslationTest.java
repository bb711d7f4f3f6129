package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.postgres.BatchQueue.Batch;
import dev.tributary.postgres.catalog.Catalog;
import dev.tributary.postgres.catalog.ColumnInfo;
import dev.tributary.postgres.catalog.TableInfo;
import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.catalog.TypeInfo;
import dev.tributary.postgres.config.PgSourceConfig;
import dev.tributary.postgres.pgoutput.PgOutputMessage;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Begin;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Column;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Commit;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Delete;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Insert;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Message;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Relation;
import dev.tributary.postgres.pgoutput.PgOutputMessage.ReplicaIdentity;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Truncate;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Update;
import dev.tributary.postgres.pgoutput.TupleData;
import dev.tributary.postgres.position.Lsn;
import dev.tributary.postgres.position.Offsets;
import dev.tributary.postgres.position.Offsets.Stored;
import dev.tributary.postgres.position.Position;
import dev.tributary.postgres.record.RecordFactory;
import dev.tributary.postgres.record.Relations;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Any stream of transactions, ended at any places by crashes and by lost connections: what comes
 * out is what comes out without them. The server is a model: it sends what is committed from a
 * boundary on, as Postgres does.
 */
class TranslationTest {
  private static final int CAPTURED = 1;
  private static final int OTHER = 2;
  private static final int MAX_BATCH = 6;
  private static final Duration NONE = Duration.ZERO;

  private static final PgSourceConfig CONFIG =
      new PgSourceConfig(
          Map.of(
              "database.hostname", "h",
              "database.user", "u",
              "database.dbname", "d",
              "topic.prefix", "p",
              "extended.headers.enabled", "false",
              "table.include.list", "public.t"));

  /** What the server sends, from where in its log; a keepalive has no message. */
  private record Sent(PgOutputMessage message, Lsn lsn) {}

  /**
   * What the server sends as one: a transaction, or a message outside any.
   *
   * @param start of the commit record, which decides whether it is sent again
   */
  private record Unit(Lsn start, List<Sent> sent) {}

  /** A stream as a server would write and decode it. */
  private static final class Model {
    private final Random random;
    private final List<Unit> units = new ArrayList<>();
    private long lsn = 1000;
    private int row;

    Model(Random random) {
      this.random = random;
      int count = 1 + random.nextInt(12);
      for (int i = 0; i < count; i++) {
        units.add(random.nextInt(6) == 0 ? standalone() : transaction(i));
      }
    }

    private long advance() {
      lsn += 8L * (1 + random.nextInt(20));
      return lsn;
    }

    private Unit standalone() {
      Lsn at = new Lsn(advance());
      advance();
      Message message = new Message(false, at, "alone", text("m" + row++));
      return new Unit(at, List.of(new Sent(message, at)));
    }

    /** Changes lie anywhere before the commit, also before those of transactions sent earlier. */
    private Unit transaction(int xid) {
      int count = random.nextInt(4) == 0 ? 0 : random.nextInt(3 * MAX_BATCH);
      List<Sent> sent = new ArrayList<>();
      Lsn change = new Lsn(500 + random.nextInt((int) (lsn - 500)));
      List<PgOutputMessage> changes = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        changes.add(change());
      }
      Lsn start = new Lsn(advance());
      Lsn end = new Lsn(start.value() + 48);
      lsn = end.value();
      sent.add(new Sent(new Begin(start, 1, xid), start));
      for (PgOutputMessage each : changes) {
        sent.add(new Sent(each, change)); // COPY and multi-row inserts share one
        change = random.nextInt(3) == 0 ? new Lsn(change.value() + 8) : change;
      }
      sent.add(new Sent(new Commit(start, end, 1), end));
      return new Unit(start, sent);
    }

    private PgOutputMessage change() {
      int id = row++;
      return switch (random.nextInt(9)) {
        case 0 -> new Insert(OTHER, tuple(id));
        case 1 -> new Delete(CAPTURED, tuple(id), true);
        case 2 -> new Update(CAPTURED, tuple(id), true, tuple(-id - 1));
        case 3 -> new Truncate(List.of(OTHER), false, false);
        case 4 -> new Message(true, Lsn.ZERO, "in", text("m" + id));
        default -> new Insert(CAPTURED, tuple(id));
      };
    }

    /** What comes from a boundary on, with keepalives that a server may send between. */
    List<Sent> from(Lsn boundary) {
      List<Sent> sent = new ArrayList<>();
      Lsn reached = boundary;
      sent.add(new Sent(relation(CAPTURED, "t"), boundary));
      sent.add(new Sent(relation(OTHER, "o"), boundary));
      for (Unit unit : units) {
        if (!unit.start().isBefore(boundary)) {
          sent.addAll(unit.sent());
          Lsn last = unit.sent().get(unit.sent().size() - 1).lsn();
          reached = Lsn.max(reached, unit.sent().size() == 1 ? last.next() : last);
          if (random.nextInt(3) == 0) {
            sent.add(new Sent(null, reached));
          }
        }
      }
      return sent;
    }

    private static Relation relation(int oid, String table) {
      return new Relation(
          oid, "public", table, ReplicaIdentity.DEFAULT, List.of(new Column("id", 23, -1, true)));
    }

    private static TupleData tuple(int id) {
      byte[] bytes = Integer.toString(id).getBytes(StandardCharsets.US_ASCII);
      return new TupleData(bytes, new int[] {0, bytes.length});
    }

    private static ByteBuffer text(String text) {
      return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static final Catalog CATALOG =
      new Catalog() {
        private final TypeInfo int4 =
            new TypeInfo(
                23,
                "pg_catalog",
                "int4",
                TypeInfo.Kind.BASE,
                null,
                null,
                -1,
                ',',
                List.of(),
                List.of());

        @Override
        public Optional<TableInfo> table(int oid) {
          ColumnInfo id = new ColumnInfo("id", int4, -1, true, null);
          return Optional.of(
              new TableInfo(
                  oid,
                  new TableName("public", oid == CAPTURED ? "t" : "o"),
                  List.of(id),
                  List.of("id"),
                  true));
        }

        @Override
        public Map<Integer, TypeInfo> types(List<Integer> oids) {
          Map<Integer, TypeInfo> types = new HashMap<>();
          oids.forEach(oid -> types.put(oid, int4));
          return types;
        }
      };

  /** A task between a start and a crash, with connections lost meanwhile. */
  private static final class Run {
    private final Model model;
    private final Random random;
    private final RecordFactory factory = StartedTask.factory(CONFIG);
    private final BatchQueue queue = new BatchQueue(1_000_000, Long.MAX_VALUE);
    private final Outbox outbox = new Outbox(queue, MAX_BATCH, Long.MAX_VALUE);
    private final List<Batch> polled = new ArrayList<>();
    private Position position;

    Run(Model model, Random random, Position from) {
      this.model = model;
      this.random = random;
      position = from;
    }

    /** One session, for so many messages. */
    boolean session(int messages) throws SQLException, InterruptedException {
      List<Sent> sent = model.from(position.committed());
      Relations relations = new Relations(CONFIG.tables(), CATALOG, factory);
      Translation translation =
          new Translation(
              factory,
              relations,
              outbox,
              position,
              0,
              null,
              dev.tributary.postgres.record.ControlMessages.NONE);
      for (Sent each : sent.subList(0, Math.min(messages, sent.size()))) {
        if (each.message() == null) {
          translation.reach(each.lsn());
          outbox.flush(() -> {});
        } else {
          translation.accept(each.message(), each.lsn(), 10);
        }
        if (outbox.isDue() || random.nextInt(5) == 0) {
          outbox.flush(() -> {});
        }
        if (random.nextInt(4) == 0) {
          translation.heartbeat(random.nextBoolean() ? Lsn.ZERO : position.committed());
        }
        if (random.nextInt(4) == 0) {
          poll();
        }
      }
      boolean all = messages >= sent.size();
      if (!all) {
        translation.breakOff();
      }
      outbox.flushAll();
      poll();
      position = translation.position();
      return all;
    }

    private void poll() throws InterruptedException {
      for (Batch batch = queue.poll(MAX_BATCH, NONE);
          batch != null;
          batch = queue.poll(MAX_BATCH, NONE)) {
        polled.add(batch);
      }
    }
  }

  private static Position stored(SourceRecord record) {
    return ((Stored.At) Offsets.read(record.sourceOffset())).position();
  }

  /** What makes a record the one that it is; empty for a heartbeat. */
  private static Optional<String> identity(SourceRecord record) {
    if (record.topic().startsWith("__debezium-heartbeat")) {
      return Optional.empty();
    }
    Struct value = (Struct) record.value();
    String content =
        value == null
            ? "tombstone"
            : value.schema().field("message") == null
                ? value.getString("op") + value.getStruct("source").getInt64("lsn")
                : new String(
                    ((ByteBuffer) value.getStruct("message").get("content")).array(),
                    StandardCharsets.US_ASCII);
    return Optional.of(record.topic() + record.key() + content);
  }

  private static List<String> identities(List<Batch> batches) {
    return batches.stream()
        .flatMap(batch -> batch.records().stream())
        .flatMap(record -> identity(record).stream())
        .toList();
  }

  private static List<String> uninterrupted(Model model, Random random) throws Exception {
    Run run = new Run(model, random, Position.between(Lsn.ZERO));
    run.session(Integer.MAX_VALUE);
    return identities(run.polled);
  }

  @Property(tries = 2000)
  void deliversEachRecordOnceWhereBatchesAreStoredAsAWhole(@ForAll Random random) throws Exception {
    Model model = new Model(random);
    List<String> expected = uninterrupted(model, random);
    boolean inTransactions = random.nextBoolean(); // of Kafka that end where Postgres' do
    List<Batch> output = new ArrayList<>();
    Position stored = Position.between(Lsn.ZERO);
    for (int crashes = random.nextInt(8); crashes >= 0; crashes--) {
      Run run = new Run(model, random, stored);
      boolean done = false;
      for (int cuts = random.nextInt(3); cuts >= 0 && !done; cuts--) {
        done = run.session(crashes + cuts == 0 ? Integer.MAX_VALUE : random.nextInt(40));
      }
      int kept = crashes == 0 ? run.polled.size() : random.nextInt(run.polled.size() + 1);
      while (inTransactions && kept > 0 && !run.polled.get(kept - 1).complete()) {
        kept--; // the Kafka transaction is not complete
      }
      List<Batch> survived = run.polled.subList(0, kept);
      output.addAll(survived);
      stored = lastOffset(survived).orElse(stored);
    }
    assertThat(identities(output)).isEqualTo(expected);
    if (inTransactions) {
      assertWholeTransactions(output);
    }
  }

  private static Optional<Position> lastOffset(List<Batch> batches) {
    List<SourceRecord> records =
        batches.stream().flatMap(batch -> batch.records().stream()).toList();
    return records.isEmpty()
        ? Optional.empty()
        : Optional.of(stored(records.get(records.size() - 1)));
  }

  /** Behind a complete batch, the next record is of another transaction. */
  private static void assertWholeTransactions(List<Batch> output) {
    Long last = null;
    boolean complete = true;
    for (Batch batch : output) {
      for (SourceRecord record : batch.records()) {
        Struct value = (Struct) record.value();
        if (value == null || value.schema().field("source") == null) {
          continue; // a tombstone or a heartbeat
        }
        Long xid = value.getStruct("source").getInt64("txId");
        assertThat(complete && xid != null && xid.equals(last)).as("%s is cut", xid).isFalse();
        last = xid;
        complete = false;
      }
      complete = batch.complete();
    }
    assertThat(complete).isTrue();
  }

  @Property(tries = 2000)
  void repeatsAContiguousPartAtMostWhereRecordsAreStoredOneByOne(@ForAll Random random)
      throws Exception {
    Model model = new Model(random);
    List<String> expected = uninterrupted(model, random);
    Map<String, Integer> order = new HashMap<>();
    IntStream.range(0, expected.size()).forEach(i -> order.put(expected.get(i), i));
    assertThat(order).hasSameSizeAs(expected);
    List<String> output = new ArrayList<>();
    Position stored = Position.between(Lsn.ZERO);
    for (int crashes = random.nextInt(8); crashes >= 0; crashes--) {
      Run run = new Run(model, random, stored);
      run.session(crashes == 0 ? Integer.MAX_VALUE : random.nextInt(60));
      List<SourceRecord> records =
          run.polled.stream().flatMap(batch -> batch.records().stream()).toList();
      int delivered = crashes == 0 ? records.size() : random.nextInt(records.size() + 1);
      int acknowledged = delivered == 0 ? 0 : random.nextInt(delivered + 1);
      records.subList(0, delivered).forEach(r -> identity(r).ifPresent(output::add));
      stored = acknowledged == 0 ? stored : stored(records.get(acknowledged - 1));
    }
    int last = -1;
    for (String record : output) {
      assertThat(order.get(record)).as(record).isLessThanOrEqualTo(last + 1);
      last = order.get(record);
    }
    assertThat(last).isEqualTo(expected.size() - 1);
  }
}
