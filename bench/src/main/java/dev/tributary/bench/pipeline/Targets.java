package dev.tributary.bench.pipeline;

import com.clickhouse.client.api.Client;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;

/** Redis and ClickHouse, asked for rows. */
final class Targets implements AutoCloseable {
  private final RedisClient redis;
  private final Client clickHouse;

  Targets(Job job) {
    redis = RedisClient.create(job.stack().redis().uri());
    clickHouse = job.clickHouse();
  }

  /** The user's hash holds the id of the row or of a later one. */
  Probe.Target redis(long base) {
    return rows -> {
      List<Response<String>> replies = new ArrayList<>(rows.size());
      try (AbstractPipeline pipeline = redis.pipelined()) {
        for (int row : rows) {
          replies.add(pipeline.hget("user_features:" + (base + row) % Job.USERS, "id"));
        }
        pipeline.sync();
      }
      Set<Integer> there = new HashSet<>();
      for (int i = 0; i < rows.size(); i++) {
        String id = replies.get(i).get();
        if (id != null && Long.parseLong(id) >= base + rows.get(i)) {
          there.add(rows.get(i));
        }
      }
      return there;
    };
  }

  /** The table holds the row. */
  Probe.Target clickHouse(long base) {
    return rows -> {
      String ids =
          rows.stream().map(row -> Long.toString(base + row)).collect(Collectors.joining(","));
      return clickHouse.queryAll("SELECT id FROM user_events WHERE id IN (" + ids + ")").stream()
          .map(row -> (int) (row.getLong("id") - base))
          .collect(Collectors.toSet());
    };
  }

  @Override
  public void close() {
    redis.close();
    clickHouse.close();
  }
}
