package dev.tributary.redis.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VersionFieldsTest {

  @Test
  void namesConnectorTopicAndPartition() {
    assertThat(name("features", "shop.orders", 3)).isEqualTo("__v:features:shop.orders-3");
  }

  @Test
  void shortensALongNameWithoutMixingItUp() {
    String topic = "a.long.name.of.a.topic.that.someone.has.made.up.for.all.that";
    String name = name("features", topic, 12);

    assertThat(name).matches("__v:[0-9a-f]{16}-12");
    assertThat(name("features", topic, 1)).isNotEqualTo(name);
    assertThat(name("features", topic + "2", 12)).isNotEqualTo(name);
    assertThat(name("other", topic, 12)).isNotEqualTo(name);
  }

  private static String name(String connector, String topic, int partition) {
    VersionFields fields = new VersionFields("__v", connector);
    Position position = new Position(topic, partition, 7);
    String name = new String(fields.name(position), UTF_8);
    assertThat(new String(fields.name(position), UTF_8)).isEqualTo(name);
    return name;
  }
}
