package dev.tributary.redis.link;

import dev.tributary.redis.command.Call;
import dev.tributary.redis.command.RespBuffer;
import dev.tributary.redis.config.RedisAddress.Host;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * One connection to one server.
 *
 * <p>Jedis connects, logs in and reads; commands are written past it, as their bytes are there
 * already. Redis reads on while it answers, and keeps replies that nobody has read yet in its
 * memory. So all calls may be sent before the first reply is read.
 */
final class NodeConnection implements AutoCloseable {
  /** What is sent in one go; a server begins to work on it while the rest is being made. */
  private static final int PORTION = 32 * 1024;

  private final Host host;
  private final Connection connection;
  private final OutputStream out;
  private final RespBuffer buffer = new RespBuffer(2 * PORTION);
  private long bytesSent;

  NodeConnection(Host host, Connection connection, OutputStream out) {
    this.host = host;
    this.connection = connection;
    this.out = out;
  }

  Host host() {
    return host;
  }

  long bytesSent() {
    return bytesSent;
  }

  void send(List<Call> calls) {
    try {
      for (Call call : calls) {
        call.writeTo(buffer);
        if (buffer.size() >= PORTION) {
          drain();
        }
      }
      drain();
    } catch (IOException e) {
      connection.setBroken();
      throw broken(e);
    }
  }

  /** The replies of calls, in their order. */
  List<Object> receive(List<Call> calls) {
    List<Object> replies = new ArrayList<>(calls.size());
    try {
      for (int i = 0; i < calls.size(); i++) {
        replies.add(reply(read()));
      }
      return replies;
    } catch (JedisException e) {
      throw broken(e);
    }
  }

  private Object read() {
    try {
      return connection.getOne();
    } catch (JedisDataException e) {
      return e;
    }
  }

  private static Object reply(Object reply) {
    if (reply instanceof JedisDataException error) {
      return new RedisError(error.getMessage());
    }
    if (reply instanceof List<?> list) {
      return list.stream().map(NodeConnection::reply).toList();
    }
    return reply == null ? Nil.NIL : reply;
  }

  private void drain() throws IOException {
    bytesSent += buffer.size();
    buffer.drainTo(out);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (JedisException e) {
      // it was broken before, and whoever found out has said so
      connection.setBroken();
    }
  }

  /** Says what happened at the bottom: Jedis says "Failed to connect", the socket why. */
  static LinkException broken(Exception e) {
    Throwable bottom = e;
    while (bottom.getCause() != null || bottom.getSuppressed().length > 0) {
      // with a host of several addresses, Jedis keeps what went wrong at each as suppressed
      bottom = bottom.getCause() != null ? bottom.getCause() : bottom.getSuppressed()[0];
    }
    return new LinkException(
        bottom instanceof JedisException
            ? bottom.getMessage()
            : bottom.getClass().getSimpleName() + ": " + bottom.getMessage(),
        e);
  }
}
