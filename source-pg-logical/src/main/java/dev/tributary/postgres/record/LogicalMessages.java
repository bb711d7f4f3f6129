package dev.tributary.postgres.record;

import dev.tributary.postgres.pgoutput.PgOutputMessage.Message;
import dev.tributary.postgres.types.ValueDecoder;
import dev.tributary.postgres.types.ValueType;
import dev.tributary.postgres.types.ValueTypes;
import java.nio.ByteBuffer;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/**
 * Keys and values of the records of logical messages. Their content is bytes, written as {@code
 * binary.handling.mode} has it.
 */
final class LogicalMessages {
  static final Schema KEY =
      SchemaBuilder.struct()
          .name("io.debezium.connector.postgresql.MessageKey")
          .version(1)
          .field("prefix", Schema.OPTIONAL_STRING_SCHEMA)
          .build();

  private final Schema message;
  private final Schema value;
  private final ValueDecoder content;

  LogicalMessages(ValueTypes types) {
    ValueType bytes = types.bytes();
    Schema contentSchema = bytes.schema().get().optional().build();
    content = bytes.decoder(contentSchema);
    message =
        SchemaBuilder.struct()
            .name("io.debezium.connector.postgresql.Message")
            .version(1)
            .field("prefix", Schema.OPTIONAL_STRING_SCHEMA)
            .field("content", contentSchema)
            .build();
    value =
        SchemaBuilder.struct()
            .name("io.debezium.connector.postgresql.MessageValue")
            .version(1)
            .field(Envelope.OP, Schema.STRING_SCHEMA)
            .field(Envelope.TS_MS, Schema.OPTIONAL_INT64_SCHEMA)
            .field(Envelope.SOURCE, Envelope.SOURCE_SCHEMA)
            .field(Envelope.TRANSACTION, Envelope.TRANSACTION_SCHEMA)
            .field("message", message)
            .build();
  }

  Schema valueSchema() {
    return value;
  }

  Struct key(Message of) {
    return new Struct(KEY).put("prefix", of.prefix());
  }

  /**
   * The value of a message's record.
   *
   * @param transaction null where transactions are not told of
   * @param nowMillis the time of processing, since 1970-01-01 UTC
   */
  Struct value(Message of, Struct source, Struct transaction, long nowMillis) {
    ByteBuffer bytes = of.content();
    return new Struct(value)
        .put(Envelope.OP, "m")
        .put(Envelope.TS_MS, nowMillis)
        .put(Envelope.SOURCE, source)
        .put(Envelope.TRANSACTION, transaction)
        .put(
            "message",
            new Struct(message)
                .put("prefix", of.prefix())
                .put(
                    "content",
                    content.decode(
                        bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining())));
  }
}
