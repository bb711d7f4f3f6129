package dev.tributary.clickhouse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TableNamesTest {
  private static String name(String template, String topic) {
    return new TableNames(Map.of("mapped", "mine"), template, Map.of(), "db", "").of(topic).table();
  }

  @Test
  void fillsATemplateWithThePartsOfTheTopic() {
    assertThat(name("${topic}", "shop.public.orders")).isEqualTo("shop.public.orders");
    assertThat(name("${table}", "shop.public.orders")).isEqualTo("orders");
    assertThat(name("${schema}_${table}", "shop.public.orders")).isEqualTo("public_orders");
    assertThat(name("${prefix}-${table}", "eu.shop.public.orders")).isEqualTo("eu.shop-orders");
    assertThat(name("${table}", "plain")).isEqualTo("plain");
    assertThat(name("raw_${schema}${table}", "a.$1")).isEqualTo("raw_a$1");
  }

  @Test
  void prefersTheMap() {
    assertThat(name("${topic}", "mapped")).isEqualTo("mine");
  }

  @Test
  void readsPairs() {
    assertThat(TableNames.pairs("a=b, c.d = e=f ,")).isEqualTo(Map.of("a", "b", "c.d", "e=f"));
    assertThat(TableNames.pairs("")).isEmpty();
    assertThatThrownBy(() -> TableNames.pairs("a=b, c")).hasMessageContaining("'c' is no pair");
  }
}
