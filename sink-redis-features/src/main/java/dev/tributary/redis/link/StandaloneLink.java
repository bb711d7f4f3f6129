package dev.tributary.redis.link;

import dev.tributary.redis.command.Call;
import java.util.List;

/** One connection to one server. */
final class StandaloneLink implements RedisLink {
  private final NodeConnection connection;

  StandaloneLink(NodeConnection connection) {
    this.connection = connection;
  }

  @Override
  public List<Object> exchange(List<Call> calls) {
    connection.send(calls);
    return connection.receive(calls);
  }

  @Override
  public long bytesSent() {
    return connection.bytesSent();
  }

  @Override
  public void close() {
    connection.close();
  }
}
