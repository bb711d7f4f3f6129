package dev.tributary.postgres.record;

import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/**
 * The schemas that all records share, and how they are put together: Debezium's, version 3.7.
 *
 * @see <a href="https://debezium.io/documentation/reference/stable/connectors/postgresql.html">Data
 *     change events</a>
 */
final class Envelope {
  static final String BEFORE = "before";
  static final String AFTER = "after";
  static final String SOURCE = "source";
  static final String TRANSACTION = "transaction";
  static final String OP = "op";
  static final String TS_MS = "ts_ms";
  static final String TS_US = "ts_us";
  static final String TS_NS = "ts_ns";

  static final Schema SOURCE_SCHEMA =
      SchemaBuilder.struct()
          .name("io.debezium.connector.postgresql.Source")
          .version(1)
          .field("version", Schema.STRING_SCHEMA)
          .field("connector", Schema.STRING_SCHEMA)
          .field("name", Schema.STRING_SCHEMA)
          .field(TS_MS, Schema.INT64_SCHEMA)
          .field("snapshot", snapshot())
          .field("db", Schema.STRING_SCHEMA)
          .field("sequence", Schema.OPTIONAL_STRING_SCHEMA)
          .field(TS_US, Schema.OPTIONAL_INT64_SCHEMA)
          .field(TS_NS, Schema.OPTIONAL_INT64_SCHEMA)
          .field("schema", Schema.STRING_SCHEMA)
          .field("table", Schema.STRING_SCHEMA)
          .field("txId", Schema.OPTIONAL_INT64_SCHEMA)
          .field("lsn", Schema.OPTIONAL_INT64_SCHEMA)
          .field("xmin", Schema.OPTIONAL_INT64_SCHEMA)
          .field("origin", Schema.OPTIONAL_STRING_SCHEMA)
          .field("origin_lsn", Schema.OPTIONAL_INT64_SCHEMA)
          .build();

  static final Schema TRANSACTION_SCHEMA =
      SchemaBuilder.struct()
          .name("event.block")
          .version(1)
          .optional()
          .field("id", Schema.STRING_SCHEMA)
          .field("total_order", Schema.INT64_SCHEMA)
          .field("data_collection_order", Schema.INT64_SCHEMA)
          .build();

  private Envelope() {}

  private static Schema snapshot() {
    return SchemaBuilder.string()
        .name("io.debezium.data.Enum")
        .version(1)
        .parameter(
            "allowed",
            "true,first,first_in_data_collection,last_in_data_collection,last,false,incremental")
        .optional()
        .defaultValue("false")
        .build();
  }

  /** The schema, of this name, of the values of a topic whose rows have this schema. */
  static Schema of(String name, Schema row) {
    return SchemaBuilder.struct()
        .name(name)
        .version(2)
        .field(BEFORE, row)
        .field(AFTER, row)
        .field(SOURCE, SOURCE_SCHEMA)
        .field(TRANSACTION, TRANSACTION_SCHEMA)
        .field(OP, Schema.STRING_SCHEMA)
        .field(TS_MS, Schema.OPTIONAL_INT64_SCHEMA)
        .field(TS_US, Schema.OPTIONAL_INT64_SCHEMA)
        .field(TS_NS, Schema.OPTIONAL_INT64_SCHEMA)
        .build();
  }
}
