package dev.tributary.redis.link;

import dev.tributary.redis.command.Call;
import java.util.List;

/**
 * A way to a Redis, be it one server or many. Belongs to one thread, and is of no more use once it
 * has thrown a {@link LinkException}.
 */
public interface RedisLink extends AutoCloseable {

  /**
   * Sends all calls, those to one server in their order, then reads their replies.
   *
   * @return one reply for each call, in the calls' order: a {@link RedisError} where the server
   *     answered with an error; of a call to every node an error, else the smallest number, else
   *     any reply
   * @throws LinkException if a connection broke; what was done of the calls is not known
   */
  List<Object> exchange(List<Call> calls);

  /** How many bytes have been sent. */
  long bytesSent();

  @Override
  void close();

  /** Makes links to one Redis. */
  interface Source {
    /**
     * Connects and logs in.
     *
     * @throws LinkException if the server cannot be reached
     * @throws RedisRefusedException if it answers with an error, such as WRONGPASS
     */
    RedisLink open();

    /** The address for logs and errors, without user and password. */
    @Override
    String toString();
  }
}
