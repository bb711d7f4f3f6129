package dev.tributary.transforms.chain;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.MDC;

/** Opens the consumer that reads topics again. */
final class RestoreConsumers {
  private RestoreConsumers() {}

  static Consumer<byte[], byte[]> open(RestoreSettings settings) {
    Map<String, Object> config = settings(settings);
    try {
      return withOurLoader(
          () ->
              new KafkaConsumer<>(
                  config, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
    } catch (KafkaException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new ChainError(
          "no Kafka client could be made from restore.bootstrap.servers and restore.client.*: "
              + reason.getMessage(),
          e);
    }
  }

  static Map<String, Object> settings(RestoreSettings settings) {
    Map<String, Object> config = new HashMap<>();
    config.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId());
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 10_000);
    // of one partition nothing more is fetched before all of the last answer is taken
    config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 16 << 20);
    config.put(
        ConsumerConfig.RECEIVE_BUFFER_CONFIG, CommonClientConfigs.RECEIVE_BUFFER_LOWER_BOUND);
    config.putAll(settings.client());
    config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    config.remove(ConsumerConfig.GROUP_ID_CONFIG);
    return config;
  }

  /** Ours sees the worker's classes and, for login modules and the like, those beside us. */
  static <T> T withOurLoader(Supplier<T> maker) {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    Thread.currentThread().setContextClassLoader(RestoreConsumers.class.getClassLoader());
    try {
      return maker.get();
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  /** Names the task, as the worker's own clients do. */
  private static String clientId() {
    String context = MDC.get("connector.context");
    String task = context == null ? "" : context.replaceAll("[^A-Za-z0-9._-]+", "-");
    return "tributary-restore" + (task.startsWith("-") ? "" : "-") + task.replaceAll("-$", "");
  }
}
