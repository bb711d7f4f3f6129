package dev.tributary.transforms.chain;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks Kafka for what tells topics apart, with a client that stays open. */
final class KafkaTopicIds {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaTopicIds.class);

  private final RestoreSettings settings;
  private final Set<String> told = new HashSet<>();
  private Admin admin;

  KafkaTopicIds(RestoreSettings settings) {
    this.settings = settings;
  }

  /** See {@link History#topicId}. */
  Optional<String> of(String topic) {
    try {
      Uuid id = admin().describeTopics(List.of(topic)).topicNameValues().get(topic).get().topicId();
      ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
      Config config = admin().describeConfigs(List.of(resource)).values().get(resource).get();
      ConfigEntry cleanup = config.get(TopicConfig.CLEANUP_POLICY_CONFIG);
      if (cleanup == null || cleanup.value() == null) {
        tell(topic, "the servers do not say whether it is compacted");
        return Optional.empty();
      }
      if (cleanup.value().contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
        tell(topic, "it is compacted, so what a restore reads changes with time");
        return Optional.empty();
      }
      if (id.equals(Uuid.ZERO_UUID)) {
        tell(topic, "the servers give it no id");
        return Optional.empty();
      }
      return Optional.of(id.toString());
    } catch (ExecutionException e) {
      tell(
          topic,
          "the servers do not describe it ("
              + e.getCause().getMessage()
              + "); allow restore.client.* Describe and DescribeConfigs on it");
    } catch (KafkaException e) {
      tell(topic, "the servers cannot be asked (" + e.getMessage() + ")");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Optional.empty();
  }

  private void tell(String topic, String why) {
    if (told.add(topic)) {
      LOG.warn("There are no snapshots of topic '{}', as {}", topic, why);
    }
  }

  private Admin admin() {
    if (admin == null) {
      Map<String, Object> config = new HashMap<>(RestoreConsumers.settings(settings));
      config.keySet().retainAll(AdminClientConfig.configNames());
      admin = RestoreConsumers.withOurLoader(() -> Admin.create(config));
    }
    return admin;
  }

  void close() {
    if (admin != null) {
      admin.close();
      admin = null;
    }
  }
}
