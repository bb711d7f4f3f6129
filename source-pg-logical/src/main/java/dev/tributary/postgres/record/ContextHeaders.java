package dev.tributary.postgres.record;

import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.ConnectHeaders;

/** Headers of records: which run of which connector wrote them, and the keys of a key change. */
final class ContextHeaders {
  private static final String PREFIX = "__debezium.context.";

  private record Text(String name, String value) {}

  private final List<Text> context;

  private ContextHeaders(List<Text> context) {
    this.context = context;
  }

  static ContextHeaders none() {
    return new ContextHeaders(List.of());
  }

  static ContextHeaders of(String prefix, String runId) {
    return new ContextHeaders(
        List.of(
            new Text(PREFIX + "connectorLogicalName", prefix),
            new Text(PREFIX + "taskId", "0"),
            new Text(PREFIX + "connectorName", "postgresql"),
            new Text(PREFIX + "runId", runId)));
  }

  ConnectHeaders headers() {
    return append(new ConnectHeaders());
  }

  /** With another key in front, under {@code __debezium.newkey} or {@code __debezium.oldkey}. */
  ConnectHeaders headers(String name, Struct key) {
    ConnectHeaders headers = new ConnectHeaders();
    headers.add(name, key, key.schema());
    return append(headers);
  }

  private ConnectHeaders append(ConnectHeaders headers) {
    for (Text text : context) {
      headers.add(text.name, text.value, Schema.STRING_SCHEMA);
    }
    return headers;
  }
}
