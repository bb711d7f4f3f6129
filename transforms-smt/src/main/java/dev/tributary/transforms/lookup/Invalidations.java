package dev.tributary.transforms.lookup;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Hears from the server which keys have changed: client-side caching in broadcasting mode over
 * RESP2, from Redis 6 on. One connection listens on the channel {@code __redis__:invalidate}, a
 * second one turns tracking on for all keys with a prefix and sends it there.
 *
 * <p>While nothing is heard, nothing may be relied on: {@code lost} is called when the connection
 * breaks, and when it is there again. A thread of its own calls the listener.
 *
 * @see <a href="https://redis.io/docs/latest/develop/reference/client-side-caching/">Client-side
 *     caching</a>
 */
final class Invalidations implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Invalidations.class);
  private static final String CHANNEL = "__redis__:invalidate";
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final RedisSettings settings;
  private final String prefix;
  private final Consumer<String> changed;
  private final Runnable lost;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition closing = lock.newCondition();

  /** Guarded by the lock, as the next two. */
  private boolean closed;

  private Jedis listening;
  private boolean heard;
  private boolean told;

  /**
   * Begins to listen.
   *
   * @param prefix of the keys
   * @param changed takes a key that has changed
   * @param lost anything may have changed
   */
  Invalidations(RedisSettings settings, String prefix, Consumer<String> changed, Runnable lost) {
    this.settings = settings;
    this.prefix = prefix;
    this.changed = changed;
    this.lost = lost;
    this.thread = new Thread(this::run, "tributary-lookup-invalidations");
    thread.setDaemon(true);
    thread.start();
  }

  /** Whether changes are heard of now. */
  boolean isHeard() {
    lock.lock();
    try {
      return heard;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (!isClosed()) {
      try {
        listen();
      } catch (JedisDataException e) {
        if (e.getMessage() != null && e.getMessage().contains("TRACKING")) {
          LOG.info("{} knows no CLIENT TRACKING, so cached look-ups live for cache.ttl", settings);
          return;
        }
        tell(e);
      } catch (JedisException e) {
        tell(e);
      } finally {
        setHeard(false);
        lost.run();
      }
      pause();
    }
  }

  private void tell(JedisException e) {
    if (!told && !isClosed()) {
      told = true;
      LOG.warn(
          "{}: changes of looked-up keys are not heard of ({}), so cached look-ups live for"
              + " cache.ttl until they are again",
          settings,
          e.getMessage());
    }
  }

  private void listen() {
    HostAndPort at = HostAndPort.from(settings.hosts().get(0));
    try (Jedis listener = new Jedis(at, Clients.config(settings));
        Jedis tracking = new Jedis(at, Clients.config(settings))) {
      long id = listener.clientId();
      tracking.sendCommand(
          Protocol.Command.CLIENT,
          "TRACKING",
          "ON",
          "REDIRECT",
          Long.toString(id),
          "BCAST",
          "PREFIX",
          prefix);
      lock.lock();
      try {
        if (closed) {
          return;
        }
        listening = listener;
      } finally {
        lock.unlock();
      }
      listener.getConnection().setTimeoutInfinite();
      listener.subscribe(new Channel(), CHANNEL);
    }
  }

  private final class Channel extends JedisPubSub {
    @Override
    public void onSubscribe(String channel, int channels) {
      lost.run();
      setHeard(true);
      told = false;
    }

    @Override
    public void onMessage(String channel, String key) {
      if (key == null) {
        lost.run(); // the server was flushed
      } else {
        changed.accept(key);
      }
    }
  }

  private void setHeard(boolean now) {
    lock.lock();
    try {
      heard = now;
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private void pause() {
    lock.lock();
    try {
      long left = PAUSE.toNanos();
      while (!closed && left > 0) {
        left = closing.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    Jedis open;
    lock.lock();
    try {
      closed = true;
      open = listening;
      closing.signalAll();
    } finally {
      lock.unlock();
    }
    if (open != null) {
      try {
        open.getConnection().forceDisconnect();
      } catch (IOException e) {
        LOG.debug("The connection that listens was closed already", e);
      }
    }
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
