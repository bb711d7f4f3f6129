package dev.tributary.postgres.record;

import static dev.tributary.postgres.record.Envelope.SOURCE_SCHEMA;

import dev.tributary.common.event.Structs;
import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.position.Lsn;
import java.util.function.Consumer;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;

/** Writes the {@code source} block of records: where a change comes from. */
final class SourceBlock {
  private static final Field VERSION = field("version");
  private static final Field CONNECTOR = field("connector");
  private static final Field NAME = field("name");
  private static final Field TS_MS = field("ts_ms");
  private static final Field SNAPSHOT = field("snapshot");
  private static final Field DB = field("db");
  private static final Field SEQUENCE = field("sequence");
  private static final Field TS_US = field("ts_us");
  private static final Field TS_NS = field("ts_ns");
  private static final Field SCHEMA = field("schema");
  private static final Field TABLE = field("table");
  private static final Field TX_ID = field("txId");
  private static final Field LSN = field("lsn");

  private final String version;
  private final String name;
  private final String database;

  private static Field field(String name) {
    return Structs.unnamed(SOURCE_SCHEMA.field(name));
  }

  SourceBlock(String version, String name, String database) {
    this.version = version;
    this.name = name;
    this.database = database;
  }

  /**
   * @param snapshot null for a change of the stream
   * @param home takes the block as soon as it has what it may not lack, as {@link RowReader#read}
   */
  Struct of(TableName table, ChangeOrigin origin, Lsn lsn, String snapshot, Consumer<Struct> home) {
    long micros = origin.timeMicros();
    Struct block = new Struct(SOURCE_SCHEMA);
    block.put(VERSION, version);
    block.put(CONNECTOR, "postgresql");
    block.put(NAME, name);
    block.put(TS_MS, Math.floorDiv(micros, 1000L));
    block.put(DB, database);
    block.put(SCHEMA, table.schema());
    block.put(TABLE, table.table());
    home.accept(block);
    block.put(SNAPSHOT, snapshot);
    block.put(SEQUENCE, origin.sequence(lsn));
    block.put(TS_US, micros);
    block.put(TS_NS, micros * 1000);
    block.put(TX_ID, origin.xid());
    block.put(LSN, lsn.value());
    return block;
  }
}
