package dev.tributary.bench.pipeline;

import dev.tributary.bench.harness.Benchmark;
import dev.tributary.bench.harness.Contest;
import dev.tributary.bench.harness.Measurement;
import dev.tributary.bench.harness.Run;
import dev.tributary.bench.measure.Profiles;
import dev.tributary.bench.measure.UsageMeter;
import dev.tributary.bench.result.Figure;
import dev.tributary.stack.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.RedisClient;

/** How many events a second become features in Redis, by partitions and tasks. */
public final class PipelineScaling implements Benchmark {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  @Override
  public String name() {
    return "pipeline-scaling";
  }

  @Override
  public String sentence() {
    return "Events a second from a topic's backlog through WindowedFeatures and ZScoreFlag into Redis, with"
        + " 1, 2 and 4 partitions and tasks.";
  }

  @Override
  public void run(Run run) throws Exception {
    int events = run.size(150_000, 1_000_000);
    try (Job job = new Job(run, 1, false)) {
      for (int tasks : new int[] {1, 2, 4}) {
        String topic = "backlog-" + tasks;
        run.say("writing %,d events into %s", events, topic);
        Backlog.write(job.stack().kafka().bootstrapServers(), topic, tasks, events);
        new Contest(run, tasks + (tasks == 1 ? " task" : " tasks"), "events/s")
            .rounds(run.quick() ? 2 : 3)
            .contestant(Figure.OURS, n -> drain(run, job, topic, tasks, events, n))
            .go();
      }
    }
    run.note(
        "The tasks share the cores with the broker and Redis: more tasks than cores gain nothing here.");
  }

  private Measurement drain(Run run, Job job, String topic, int tasks, int events, int number)
      throws Exception {
    String id = topic + "-" + (number + 1);
    Map<String, String> config = Job.example("redis-user-features");
    config.put("topics", topic);
    config.put("tasks.max", Integer.toString(tasks));
    config.put("consumer.override.max.poll.records", "2000");
    Profiles profiles = tasks == 2 ? run.profiles(number) : Profiles.none();
    try (RedisClient redis = RedisClient.create(job.stack().redis().uri())) {
      redis.flushAll();
      return profiles.recorded(
          name(),
          job.stack().connect().pid(),
          () -> {
            UsageMeter usage = UsageMeter.start();
            job.rest().createOrUpdate(id, config);
            Await.until("the first hash", PATIENCE, () -> redis.dbSize() > 0);
            long start = System.nanoTime();
            Await.until("the last hashes", PATIENCE, () -> last(redis, tasks));
            return Measurement.of(events / ((System.nanoTime() - start) / 1e9), usage.stop());
          });
    } finally {
      job.rest().delete(id);
    }
  }

  /** Each partition ends with an event of a user of its own. */
  private static boolean last(RedisClient redis, int partitions) {
    List<String> keys = new ArrayList<>();
    for (int partition = 0; partition < partitions; partition++) {
      keys.add("user_features:" + Backlog.lastUser(partition));
    }
    return redis.exists(keys.toArray(String[]::new)) == partitions;
  }
}
