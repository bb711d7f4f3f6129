package dev.tributary.endtoend;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;

/** Sales of some minutes, not in order, as changes of a table; and what they add up to. */
final class ShopSales {
  private static final long MINUTE = 60_000;
  private static final String[] CATEGORIES = {"books", "games", "music"};
  private static final String ENVELOPE =
      """
      {"schema": {"type": "struct", "name": "shop.public.sales.Envelope", "fields": [
        {"field": "after", "type": "struct", "name": "shop.public.sales.Value", "optional": true, "fields": [
          {"field": "id", "type": "int64"},
          {"field": "category", "type": "string"},
          {"field": "amount", "type": "double"},
          {"field": "ts", "type": "int64", "name": "io.debezium.time.MicroTimestamp", "version": 1}]},
        {"field": "op", "type": "string"}]},
       "payload": {"after": {"id": %d, "category": "%s", "amount": %s, "ts": %d}, "op": "c"}}
      """;

  private final Random random = new Random(11);
  private final long start = System.currentTimeMillis() / MINUTE * MINUTE - 20 * MINUTE;
  private final Map<String, BigDecimal> revenue = new TreeMap<>();
  private final Map<String, Integer> sales = new TreeMap<>();

  /**
   * Sends sales, each up to some minutes older than those before it, to the categories' partitions.
   */
  void send(TestTopic topic, int partitions, int count)
      throws ExecutionException, InterruptedException {
    for (int i = 0; i < count; i++) {
      int category = random.nextInt(CATEGORIES.length);
      long time = start + i * 10L * MINUTE / count - (long) (random.nextDouble() * 3 * MINUTE);
      // quarters are exact in binary, whatever order they are added in
      BigDecimal amount = BigDecimal.valueOf(25L * (1 + random.nextInt(400)), 2);
      String minute = CATEGORIES[category] + " " + Math.floorDiv(time, MINUTE) * 60;
      sales.merge(minute, 1, Integer::sum);
      revenue.merge(minute, amount, BigDecimal::add);
      int partition = category % partitions;
      String key = "{\"schema\": {\"type\": \"int32\"}, \"payload\": " + category + "}";
      topic.send(
          partition,
          null,
          key,
          ENVELOPE.formatted(i, CATEGORIES[category], amount.toPlainString(), time * 1000));
      if (i % 50 == 0) {
        // as behind a delete
        topic.send(partition, null, key, null);
      }
    }
    topic.flush();
  }

  /** By category and minute, in seconds since 1970: how many, and the sum in cents. */
  Map<String, String> totals() {
    Map<String, String> totals = new TreeMap<>();
    sales.forEach(
        (minute, count) ->
            totals.put(
                minute, count + " " + revenue.get(minute).movePointRight(2).longValueExact()));
    return totals;
  }
}
