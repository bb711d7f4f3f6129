package dev.tributary.postgres.record;

import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.ConnectHeaders;

/** Headers of records: which run of which connector wrote them, and the keys of a key change. */
final class ContextHeaders {
  private static final String PREFIX = "__debezium.context.";

  private final ConnectHeaders context;

  private ContextHeaders(ConnectHeaders context) {
    this.context = context;
  }

  static ContextHeaders none() {
    return new ContextHeaders(new ConnectHeaders());
  }

  static ContextHeaders of(String prefix, String runId) {
    ConnectHeaders context = new ConnectHeaders();
    context.addString(PREFIX + "connectorLogicalName", prefix);
    context.addString(PREFIX + "taskId", "0");
    context.addString(PREFIX + "connectorName", "postgresql");
    context.addString(PREFIX + "runId", runId);
    return new ContextHeaders(context);
  }

  /** A list of its own for each record, since transforms change it; the headers are shared. */
  ConnectHeaders headers() {
    return new ConnectHeaders(context);
  }

  /** With another key in front, under {@code __debezium.newkey} or {@code __debezium.oldkey}. */
  ConnectHeaders headers(String name, Struct key) {
    ConnectHeaders headers = new ConnectHeaders();
    headers.add(name, key, key.schema());
    context.forEach(headers::add);
    return headers;
  }
}
