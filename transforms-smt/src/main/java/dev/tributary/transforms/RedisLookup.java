package dev.tributary.transforms;

import dev.tributary.common.Versions;
import dev.tributary.common.error.Backoff;
import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.time.EpochUnit;
import dev.tributary.common.time.EventTime;
import dev.tributary.transforms.lookup.Answer;
import dev.tributary.transforms.lookup.LookupField;
import dev.tributary.transforms.lookup.LookupKey;
import dev.tributary.transforms.lookup.Lookups;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.transforms.Transformation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds to each row what Redis holds under a key made of its fields: a join of the stream with a
 * table, whose table side for example the Redis sink keeps.
 *
 * <p><b>What comes out</b> is flat, as with {@link WindowedFeatures}: the row, the fields that were
 * looked up (optional; by default texts) or the whole record in one field (a map of texts), on
 * demand whether it was found, and {@code __op} of an envelope. Deletes and updates are looked up
 * too; what has no row (a tombstone, a truncate) passes.
 *
 * <p><b>Cache.</b> Answers are kept for {@code cache.ttl}, also that there is none. From Redis 6 on
 * the server tells which keys have changed, and they are read again.
 *
 * <p><b>Errors.</b> A key of another type, text that is no JSON object, and a value that is not of
 * its type are errors of this record. A refused password stops the task; while Redis is away {@code
 * unavailable} says what becomes of records.
 *
 * <p>What is looked up may be another tomorrow, so a transform with state must not stand behind
 * this one and read it: place those first.
 *
 * @param <R> a sink's or a source's records
 */
public final class RedisLookup<R extends ConnectRecord<R>> implements Transformation<R>, Versioned {
  private static final Logger LOG = LoggerFactory.getLogger(RedisLookup.class);
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));

  private LookupKey key;
  private List<LookupField> fields;
  private Object[] defaults;
  private boolean tellsFound;
  private Duration maxAge;
  private String maxAgeField;
  private EventClock clock;
  private RedisLookupConfig.Unavailable unavailable;
  private Duration retryTimeout;
  private RowWriter rows;
  private Lookups lookups;
  private boolean told;
  private volatile boolean closed;

  /** For Connect. */
  public RedisLookup() {}

  @Override
  public void configure(Map<String, ?> settings) {
    RedisLookupConfig config = new RedisLookupConfig(settings);
    key = config.key();
    fields = config.fields();
    maxAge = config.maxAge();
    maxAgeField = config.maxAgeField();
    clock = config.clock();
    unavailable = config.unavailable();
    retryTimeout = config.retryTimeout();
    tellsFound = !config.foundField().isEmpty();
    defaults = defaults(config);
    rows = new MergedRows(added(config));
    if (maxAge != null && maxAgeField.isEmpty()) {
      throw new ConfigException(
          RedisLookupConfig.MAX_AGE_FIELD, "", "max.age needs the field with a record's time");
    }
    lookups = config.lookups();
  }

  private static List<AddedField> added(RedisLookupConfig config) {
    List<AddedField> added = new ArrayList<>();
    for (LookupField field : config.fields()) {
      added.add(new AddedField(config.prefix() + field.name(), field.schema()));
    }
    if (added.isEmpty()) {
      added.add(
          new AddedField(
              config.prefix() + config.into(),
              SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.OPTIONAL_STRING_SCHEMA)
                  .optional()
                  .build()));
    }
    if (!config.foundField().isEmpty()) {
      added.add(new AddedField(config.foundField(), Schema.BOOLEAN_SCHEMA));
    }
    return added;
  }

  private static Object[] defaults(RedisLookupConfig config) {
    Map<String, String> given = config.defaults();
    List<LookupField> fields = config.fields();
    if (fields.isEmpty()) {
      return new Object[] {given.isEmpty() ? null : new LinkedHashMap<>(given)};
    }
    Object[] defaults = new Object[fields.size()];
    for (int i = 0; i < defaults.length; i++) {
      try {
        defaults[i] = fields.get(i).convert(given.remove(fields.get(i).name()));
      } catch (IllegalArgumentException e) {
        throw new ConfigException(
            RedisLookupConfig.DEFAULTS,
            config.getString(RedisLookupConfig.DEFAULTS),
            e.getMessage());
      }
    }
    if (!given.isEmpty()) {
      throw new ConfigException(
          RedisLookupConfig.DEFAULTS,
          config.getString(RedisLookupConfig.DEFAULTS),
          "names fields that are not in 'fields': " + given.keySet());
    }
    return defaults;
  }

  @Override
  public R apply(R record) {
    ChangeEvent event = read(record);
    if (event.row() == null) {
      return rows.pass(record, event);
    }
    String at = key.of(event);
    Answer answer = at == null ? Answer.MISSING : ask(at);
    Map<String, Object> found = null;
    if (answer instanceof Answer.Found known && isRecent(known.fields(), event, record)) {
      found = known.fields();
    } else if (answer instanceof Answer.Unreadable other) {
      throw EventReader.refused(record, "the look-up failed: " + other.why());
    }
    return rows.write(record, event, values(found, record));
  }

  private ChangeEvent read(R record) {
    try {
      return ChangeEvent.of(record);
    } catch (DataException e) {
      throw EventReader.refused(record, e.getMessage());
    }
  }

  private Object[] values(Map<String, Object> found, R record) {
    Object[] values = new Object[defaults.length + (tellsFound ? 1 : 0)];
    if (tellsFound) {
      values[defaults.length] = found != null;
    }
    try {
      for (int i = 0; i < defaults.length; i++) {
        Object value =
            found == null ? null : fields.isEmpty() ? texts(found) : fields.get(i).of(found);
        values[i] = value == null ? defaults[i] : value;
      }
    } catch (IllegalArgumentException e) {
      throw EventReader.refused(record, e.getMessage());
    }
    return values;
  }

  private static Map<String, Object> texts(Map<String, Object> found) {
    Map<String, Object> texts = new LinkedHashMap<>();
    found.forEach(
        (name, value) ->
            texts.put(name, new LookupField(name, LookupField.Type.STRING).convert(value)));
    return texts;
  }

  private boolean isRecent(Map<String, Object> found, ChangeEvent event, R record) {
    if (maxAge == null) {
      return true;
    }
    Object time = found.get(maxAgeField);
    if (time == null) {
      return false;
    }
    long at;
    try {
      at = EventTime.toEpochMillis(time, null, EpochUnit.AUTO);
    } catch (IllegalArgumentException e) {
      throw EventReader.refused(
          record, "the looked-up field '" + maxAgeField + "' is unreadable: " + e.getMessage());
    }
    return clock.read(event, record) - at <= maxAge.toMillis();
  }

  /** Waits for Redis, if that is what is wanted. */
  private Answer ask(String at) {
    long started = System.nanoTime();
    for (int failures = 1; ; failures++) {
      Answer answer = lookups.of(at);
      if (!(answer instanceof Answer.Away away)) {
        if (told) {
          told = false;
          LOG.info("Redis answers again");
        }
        return answer;
      }
      boolean patient = unavailable == RedisLookupConfig.Unavailable.RETRY && away.passes();
      Duration waited = Duration.ofNanos(System.nanoTime() - started);
      if (away.passes() && unavailable == RedisLookupConfig.Unavailable.DEFAULTS) {
        tell(away, "records get defaults until it does");
        return Answer.MISSING;
      }
      if (!patient || waited.compareTo(retryTimeout) > 0) {
        throw new LookupError(
            away.why() + (patient ? "; waited " + waited.toSeconds() + " s (retry.timeout)" : ""));
      }
      tell(away, "records wait until it does");
      pause(BACKOFF.after(failures, RandomGenerator.getDefault()));
    }
  }

  private void tell(Answer.Away away, String what) {
    if (!told) {
      told = true;
      LOG.warn("{}; {}", away.why(), what);
    }
  }

  private void pause(Duration wait) {
    try {
      Thread.sleep(wait.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (closed || Thread.currentThread().isInterrupted()) {
      throw new LookupError("the task stops while it waits for Redis");
    }
  }

  /** For tests: how often Redis was asked. */
  Lookups lookups() {
    return lookups;
  }

  @Override
  public ConfigDef config() {
    return RedisLookupConfig.CONFIG_DEF;
  }

  @Override
  public String version() {
    return Versions.of(getClass());
  }

  @Override
  public void close() {
    closed = true;
    if (lookups != null) {
      lookups.close();
    }
  }
}
