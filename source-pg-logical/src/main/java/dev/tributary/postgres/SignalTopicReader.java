package dev.tributary.postgres;

import dev.tributary.postgres.config.SignalTopic;
import dev.tributary.postgres.config.SnapshotKeys;
import dev.tributary.postgres.incremental.Signal;
import dev.tributary.postgres.replication.Sessions;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes signals from a Kafka topic and writes them into the server's log as logical messages, where
 * the stream comes upon them: so a signal has one place among the changes, whatever fails. A signal
 * is committed in Kafka once it is in the log; after a crash in between it is written again, and is
 * then the same signal a second time.
 *
 * <p>Works in a thread of its own; {@link #close} may be called by any.
 */
final class SignalTopicReader implements Runnable, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SignalTopicReader.class);
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final SignalTopic from;
  private final Sessions sessions;
  private final Thread thread;
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile Consumer<byte[], byte[]> consumer;

  private SignalTopicReader(SignalTopic from, Sessions sessions, String name) {
    this.from = from;
    this.sessions = sessions;
    thread = new Thread(this, name);
    thread.setDaemon(true);
  }

  static SignalTopicReader start(SignalTopic from, Sessions sessions, String name) {
    SignalTopicReader reader = new SignalTopicReader(from, sessions, name);
    reader.thread.start();
    return reader;
  }

  @Override
  public void run() {
    while (!isClosed()) {
      try (KafkaConsumer<byte[], byte[]> opened =
          new KafkaConsumer<>(
              settings(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
        consumer = opened;
        opened.subscribe(List.of(from.topic()));
        while (!isClosed()) {
          forward(opened);
        }
      } catch (WakeupException e) {
        log.debug("Closed", e);
      } catch (FencedInstanceIdException e) {
        // to join again would put the other one out
        log.error(
            "No more signals are taken from topic {}: another consumer has joined group {} as {} after"
                + " this one. A connector of this name and topic.prefix runs elsewhere; give it another"
                + " {}, or restart this one when the other is gone",
            from.topic(),
            from.group(),
            settings().get(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
            SnapshotKeys.SIGNAL_GROUP);
        return;
      } catch (KafkaException | SQLException e) {
        if (!isClosed() && !pauseAfter(e)) {
          return;
        }
      }
    }
  }

  private boolean pauseAfter(Exception failure) {
    log.warn("Could not take signals from topic {}, trying again", from.topic(), failure);
    try {
      return !closing.await(PAUSE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    // one that starts after a crash takes the place of the one that is gone, which else is waited
    // for
    settings.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, from.key());
    settings.putAll(from.consumer());
    settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, from.servers());
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, from.group());
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    return settings;
  }

  private void forward(Consumer<byte[], byte[]> consumer) throws SQLException {
    ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofSeconds(1));
    if (records.isEmpty()) {
      return;
    }
    try (Connection connection = sessions.sql()) {
      for (ConsumerRecord<byte[], byte[]> record : records) {
        forward(connection, record);
      }
    }
    consumer.commitSync();
  }

  private void forward(Connection connection, ConsumerRecord<byte[], byte[]> record)
      throws SQLException {
    String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    if (!key.equals(from.key()) || record.value() == null) {
      return;
    }
    String signal = new String(record.value(), StandardCharsets.UTF_8);
    try {
      Signal.parse(signal);
    } catch (IllegalArgumentException e) {
      log.error(
          "The signal at {}-{} offset {} is ignored: {}",
          record.topic(),
          record.partition(),
          record.offset(),
          e.getMessage());
      return;
    }
    try (PreparedStatement statement =
        connection.prepareStatement("select pg_catalog.pg_logical_emit_message(true, ?, ?)")) {
      statement.setString(1, Signal.PREFIX);
      statement.setString(2, Signal.ascii(signal));
      statement.execute();
    }
  }

  @Override
  public void close() {
    closing.countDown();
    Consumer<byte[], byte[]> open = consumer;
    if (open != null) {
      open.wakeup();
    }
  }

  private boolean isClosed() {
    return closing.getCount() == 0;
  }
}
