package dev.tributary.transforms.lookup;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Looks records up, and keeps the answers (also that there is none) until they are too old, too
 * many, or the server tells that the key has changed.
 *
 * <p>Confined to the task's thread; invalidations come from another, which touches the cache and
 * the counter alone.
 */
public final class Lookups implements AutoCloseable {
  private final RedisReader reader;
  private final Cache<String, Answer> cache;
  private final AtomicLong invalidations = new AtomicLong();
  private final Invalidations listening;
  private long asked;

  /**
   * What is kept of answers.
   *
   * @param ttl zero to keep none
   * @param size how many answers
   * @param tracksChanges whether the server is asked to tell of changes
   */
  public record Caching(Duration ttl, long size, boolean tracksChanges) {}

  /** Whether fields are of a hash, and which. */
  public enum Kind {
    JSON,
    HASH
  }

  /**
   * Begins.
   *
   * @param fields the only ones that are wanted, or empty for all
   */
  public Lookups(
      RedisSettings settings, Kind kind, List<String> fields, String prefix, Caching caching) {
    this.reader =
        new RedisReader(
            settings,
            kind == Kind.JSON
                ? RedisReader.Command.GET
                : fields.isEmpty() ? RedisReader.Command.HGETALL : RedisReader.Command.HMGET,
            fields);
    this.cache =
        caching.ttl().isZero()
            ? null
            : Caffeine.newBuilder()
                .maximumSize(caching.size())
                .expireAfterWrite(caching.ttl())
                .executor(Runnable::run)
                .build();
    this.listening =
        cache != null
                && caching.tracksChanges()
                && !settings.cluster()
                && settings.sentinelMaster().isBlank()
            ? new Invalidations(settings, prefix, this::changed, this::allChanged)
            : null;
  }

  /** Looks a key up, in the cache first. */
  public Answer of(String key) {
    Answer kept = cache == null ? null : cache.getIfPresent(key);
    if (kept != null) {
      return kept;
    }
    long before = invalidations.get();
    asked++;
    Answer answer = reader.read(key);
    if (cache != null && !(answer instanceof Answer.Away)) {
      cache.put(key, answer);
      if (invalidations.get() != before) {
        cache.invalidate(key); // it may have changed between the answer and the cache
      }
    }
    return answer;
  }

  /** How often Redis was asked. */
  public long asked() {
    return asked;
  }

  /** Whether the server tells of changes now. */
  public boolean hearsOfChanges() {
    return listening != null && listening.isHeard();
  }

  private void changed(String key) {
    invalidations.incrementAndGet();
    cache.invalidate(key);
  }

  private void allChanged() {
    invalidations.incrementAndGet();
    cache.invalidateAll();
  }

  @Override
  public void close() {
    if (listening != null) {
      listening.close();
    }
    reader.close();
  }
}
