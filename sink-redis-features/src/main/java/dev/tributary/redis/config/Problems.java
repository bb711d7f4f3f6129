package dev.tributary.redis.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What can be wrong between keys. */
public final class Problems {
  private Problems() {}

  /** What is wrong between keys, for settings whose single keys are right. */
  public static List<Problem> of(Map<String, String> properties) {
    RedisSinkConfig config = RedisSinkConfig.ofOneTopic(properties);
    List<Problem> problems = new ArrayList<>(ofType(config));
    problems.addAll(ofRetries(config));
    problems.addAll(ofConnection(config));
    for (String name : TopicSettings.unknown(properties)) {
      problems.add(
          new Problem(
              name,
              null,
              "sets no key that a topic can have; write topic.NAME.KEY with a key of the groups"
                  + " Target, Types, Values or Expiry"));
    }
    TopicSettings.of(properties)
        .forEach(
            (topic, settings) -> {
              RedisSinkConfig merged =
                  RedisSinkConfig.ofOneTopic(TopicSettings.merged(properties, settings));
              for (Problem problem : ofType(merged)) {
                if (settings.containsKey(problem.key())) {
                  problems.add(
                      new Problem(
                          TopicSettings.name(topic, problem.key()),
                          problem.value(),
                          problem.message()));
                }
              }
            });
    return problems;
  }

  private static List<Problem> ofRetries(RedisSinkConfig config) {
    long first = config.getLong(DeliveryKeys.RETRY_BACKOFF_MS);
    long max = config.getLong(DeliveryKeys.RETRY_BACKOFF_MAX_MS);
    return max >= first
        ? List.of()
        : List.of(
            new Problem(
                DeliveryKeys.RETRY_BACKOFF_MAX_MS,
                max,
                "must not be less than " + DeliveryKeys.RETRY_BACKOFF_MS + ", which is " + first));
  }

  private static List<Problem> ofConnection(RedisSinkConfig config) {
    List<Problem> problems = new ArrayList<>();
    boolean cluster = config.getBoolean(ConnectionKeys.CLUSTER);
    RedisAddress address = ConnectionSettings.address(config);
    if (cluster && address.database() != 0) {
      problems.add(
          new Problem(
              config.set(ConnectionKeys.DATABASE).isEmpty()
                  ? ConnectionKeys.URI
                  : ConnectionKeys.DATABASE,
              address.database(),
              "must be 0, as a Redis Cluster has no other database"));
    }
    if (cluster && address.sentinelMaster().isPresent()) {
      problems.add(
          new Problem(
              ConnectionKeys.CLUSTER,
              true,
              "and Sentinels exclude each other; a cluster has none"));
    }
    boolean noKey = config.set(TlsKeys.KEY_FILE).isEmpty();
    if (config.set(TlsKeys.CERTIFICATE).isEmpty() != noKey) {
      problems.add(
          new Problem(
              noKey ? TlsKeys.KEY_FILE : TlsKeys.CERTIFICATE,
              "",
              "must be set along with " + (noKey ? TlsKeys.CERTIFICATE : TlsKeys.KEY_FILE)));
    }
    return problems;
  }

  /** What may be set for a topic of its own. */
  private static List<Problem> ofType(RedisSinkConfig config) {
    List<Problem> problems = new ArrayList<>();
    if (config.getLong(TypeKeys.STREAM_MAX_LENGTH) > 0
        && !config.duration(TypeKeys.STREAM_MAX_AGE).isZero()) {
      problems.add(
          new Problem(
              TypeKeys.STREAM_MAX_AGE,
              config.getString(TypeKeys.STREAM_MAX_AGE),
              "cannot be set along with "
                  + TypeKeys.STREAM_MAX_LENGTH
                  + ": Redis trims by one of them"));
    }
    List<String> fieldTtls = config.getList(ExpiryKeys.FIELD_TTL);
    if (!fieldTtls.isEmpty() && config.type() != RedisType.HASH) {
      problems.add(new Problem(ExpiryKeys.FIELD_TTL, fieldTtls, "is for type HASH only"));
    }
    for (String key :
        List.of(ExpiryKeys.KEY_TTL, ExpiryKeys.KEY_TTL_FROM, ExpiryKeys.KEY_EXPIRE_AT)) {
      if (config.type() == RedisType.PUBSUB
          && config.originals().containsKey(key)
          && config.set(key).filter(text -> !text.equals("-1")).isPresent()) {
        problems.add(
            new Problem(
                key, config.getString(key), "is of no use with PUBSUB: messages do not stay"));
      }
    }
    return problems;
  }
}
