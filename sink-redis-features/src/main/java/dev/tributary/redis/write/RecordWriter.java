package dev.tributary.redis.write;

import dev.tributary.common.error.Backoff;
import dev.tributary.common.error.Outage;
import dev.tributary.redis.command.ApplyCommands;
import dev.tributary.redis.command.Call;
import dev.tributary.redis.command.Commands;
import dev.tributary.redis.command.HashCommands;
import dev.tributary.redis.command.Position;
import dev.tributary.redis.command.Slots;
import dev.tributary.redis.command.Version;
import dev.tributary.redis.command.Versions;
import dev.tributary.redis.encode.RecordEncoder;
import dev.tributary.redis.encode.RecordEncoder.Encoded;
import dev.tributary.redis.errors.ErrorTable;
import dev.tributary.redis.errors.Verdict;
import dev.tributary.redis.link.LinkException;
import dev.tributary.redis.link.RedisError;
import dev.tributary.redis.link.RedisLink;
import dev.tributary.redis.link.RedisRefusedException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Writes records in their order, in pipelines, and says which errors are whose.
 *
 * <p>When it throws a {@link RetryLaterException}, it is to be given the same records again (or
 * fewer, if partitions were taken away), as Connect does; those that are written or rejected
 * already are passed over.
 *
 * <p>Not thread-safe: everything is called by the task's thread.
 */
public final class RecordWriter implements AutoCloseable {
  /** A connection that broke while it lay idle is no outage: the second attempt has a new one. */
  private static final int ATTEMPTS_AT_ONCE = 2;

  private final Plan plan;
  private final LinkHolder links;
  private final Words words;
  private final Rejections rejections;
  private final Rewinds rewinds;
  private final SinkMetrics metrics;
  private final Outage outage;
  private final Batch batch;
  private final Progress progress;
  private final Requests requests;
  private final Map<String, RecordEncoder> encoders = new HashMap<>();
  private final List<SinkRecord> settled = new ArrayList<>();
  private final Set<TopicPartition> rewound = new HashSet<>();
  private Set<Position> settledBefore = Set.of();

  /**
   * What is written and how.
   *
   * @param encoders makes the encoder of a topic
   * @param versions of hashes; nothing for none
   * @param batchSize how many records go in one pipeline at most
   * @param cluster whether keys are spread over slots
   * @param needed commands that the server must have, each with the setting that needs it
   */
  public record Plan(
      Function<String, RecordEncoder> encoders,
      Optional<Versions> versions,
      HashCommands hashes,
      ApplyCommands applies,
      ReplicaWait replicas,
      int batchSize,
      Backoff backoff,
      boolean cluster,
      Map<String, String> needed) {}

  /** Has the worker read a partition from another offset on. */
  @FunctionalInterface
  public interface Rewinds {
    void to(Map<TopicPartition, Long> offsets);
  }

  /** A writer that connects when it first has to. */
  public RecordWriter(
      Plan plan,
      RedisLink.Source source,
      Rejections rejections,
      Rewinds rewinds,
      SinkMetrics metrics) {
    this.plan = plan;
    this.links = new LinkHolder(source, plan.needed());
    this.words = new Words(links);
    this.rejections = rejections;
    this.rewinds = rewinds;
    this.metrics = metrics;
    this.batch = new Batch(plan.batchSize());
    this.outage = new Outage("Redis at " + source, plan.backoff());
    this.progress = new Progress(plan.applies());
    this.requests = new Requests(plan.hashes(), plan.applies(), progress);
  }

  /**
   * Connects, so that a wrong password stops the task at its start and not at its first record. A
   * server that is away is told in the log only.
   *
   * @throws ConnectException if the server is there and lets nobody in
   */
  public void start() {
    attempt(links::get);
  }

  /** The task has these partitions too from now on; they go on where Redis has come to. */
  public void assigned(Collection<TopicPartition> partitions) {
    settledBefore = Set.of();
    progress.assigned(partitions);
    attempt(this::takeUp);
  }

  /** The task has these partitions no longer. */
  public void revoked(Collection<TopicPartition> partitions) {
    progress.revoked(partitions);
  }

  /**
   * Writes records; when it returns, all of them are written or rejected, or will be given again.
   *
   * @throws RetryLaterException if Redis is away or full for now
   * @throws ConnectException if no record can be written until someone sets things right, or a
   *     record is rejected that nothing tolerates
   */
  public void write(Collection<SinkRecord> records) {
    batch.clear();
    settled.clear();
    rewound.clear();
    if (progress.hasUnread()) {
      connected("the offsets in it are not known", this::takeUp);
    }
    try {
      for (SinkRecord record : records) {
        Position position = Position.of(record);
        if (!settledBefore.contains(position) && !isRewound(position)) {
          add(record, position);
        }
      }
      flush();
      settledBefore = Set.of();
    } catch (RetryLaterException e) {
      Set<Position> all = new HashSet<>(settledBefore);
      settled.forEach(record -> all.add(Position.of(record)));
      settledBefore = all;
      throw e;
    }
  }

  @Override
  public void close() {
    links.close();
    metrics.close();
  }

  private boolean isRewound(Position position) {
    return !rewound.isEmpty()
        && rewound.contains(new TopicPartition(position.topic(), position.partition()));
  }

  private void add(SinkRecord record, Position position) {
    Optional<Encoded> encoded;
    try {
      encoded = encoders.computeIfAbsent(record.topic(), plan.encoders()).encode(record);
    } catch (DataException e) {
      // what came before it is written first, so that nothing but this record is wanting
      flush();
      reject(record, e.getMessage());
      return;
    }
    if (encoded.isEmpty()) {
      settled.add(record);
      return;
    }
    Encoded change = encoded.get();
    boolean log = change.change() instanceof Commands;
    if (log && progress.isOfAnotherTopic(position)) {
      throw words.anotherTopic(position);
    }
    Version version = log ? Version.NONE : version(change, position);
    int slot = plan.cluster() ? Slots.of(change.change().key()) : 0;
    if (!batch.add(record, position, change.change(), version, slot)) {
      flush();
      if (!isRewound(position)) {
        batch.add(record, position, change.change(), version, slot);
      }
    }
  }

  private Version version(Encoded change, Position position) {
    if (plan.versions().isEmpty()) {
      return Version.NONE;
    }
    Versions versions = plan.versions().get();
    return change.version() < 0 ? versions.of(position) : versions.of(change.version(), position);
  }

  private void flush() {
    List<Item> open = new ArrayList<>(batch.items());
    int failures = 0;
    String reason = "";
    while (!open.isEmpty()) {
      Exception cause = null;
      try {
        reason = send(open, reason.startsWith("TRYAGAIN"));
      } catch (LinkException e) {
        links.close();
        reason = e.getMessage();
        cause = e;
      } catch (RedisRefusedException e) {
        links.close();
        reason = e.error().reply();
        cause = e;
        if (ErrorTable.verdict(reason) != Verdict.RETRY) {
          throw words.refused(e.error(), open.get(0).coordinates());
        }
      }
      if (!reason.isEmpty()) {
        metrics.retried();
        if (++failures >= ATTEMPTS_AT_ONCE) {
          throw later(ErrorTable.words(reason), cause);
        }
      }
    }
    if (!batch.isEmpty()) {
      outage.over();
      metrics.batch(batch.records());
      batch.clear();
    }
  }

  /**
   * Sends changes and takes those away from the list that are done with.
   *
   * @param alone whether each hash goes in a call of its own
   * @return the error of a change that is left, or an empty text
   */
  private String send(List<Item> open, boolean alone) {
    RedisLink link = links.get();
    List<Request> sent = requests.of(open, alone);
    List<Call> calls = new ArrayList<>(sent.size());
    for (Request request : sent) {
      calls.add(request.call());
    }
    long from = System.nanoTime();
    long bytes = link.bytesSent();
    List<Object> replies = link.exchange(calls);
    Optional<RedisError> tooFew = plan.replicas().await(link);
    metrics.exchanged(System.nanoTime() - from, calls.size(), link.bytesSent() - bytes);
    Round round = new Round(tooFew);
    for (int i = 0; i < replies.size(); i++) {
      sent.get(i).read(replies.get(i), round);
    }
    round.reject();
    open.removeIf(item -> round.done.contains(item) || isRewound(item.position()));
    if (!round.retryReason.isEmpty() && tooFew.isEmpty()) {
      // NOSCRIPT wants the scripts loaded again, READONLY a connection to the new master
      links.close();
    }
    return round.retryReason;
  }

  /** What one exchange has brought about. */
  private final class Round implements Results {
    private final Set<Item> done = new HashSet<>();
    private final Map<Item, RedisError> rejected = new LinkedHashMap<>();
    private final Optional<RedisError> tooFewReplicas;
    private String retryReason;

    Round(Optional<RedisError> tooFewReplicas) {
      this.tooFewReplicas = tooFewReplicas;
      this.retryReason = tooFewReplicas.map(RedisError::reply).orElse("");
    }

    @Override
    public void written(Item item) {
      progress.reach(item.position());
      if (tooFewReplicas.isEmpty()) {
        settled.addAll(item.records());
        metrics.written(item.records().size());
        done.add(item);
      }
    }

    @Override
    public void skipped(Item item) {
      if (item.change() instanceof Commands) {
        progress.reach(item.position());
      }
      if (tooFewReplicas.isEmpty()) {
        settled.addAll(item.records());
        metrics.skipped(item.records().size());
        done.add(item);
        words.skipped(item);
      }
    }

    @Override
    public void failed(Item item, RedisError error) {
      switch (ErrorTable.verdict(error.reply())) {
        case REJECT -> rejected.put(item, error);
        case STOP -> throw words.refused(error, item.coordinates());
        case RETRY -> retryReason = error.reply();
      }
    }

    @Override
    public void refused(Item item, RedisError error) {
      throw words.refusedOffsets(error, item.coordinates());
    }

    @Override
    public void behind(Item item, long stored) {
      Position position = item.position();
      words.fellBehind(position, stored, progress.reached(position));
      progress.fallBack(position, stored);
      if (stored >= 0) {
        TopicPartition partition = new TopicPartition(position.topic(), position.partition());
        rewinds.to(Map.of(partition, stored + 1));
        rewound.add(partition);
      }
    }

    private void reject() {
      rejected.forEach(
          (item, error) -> {
            for (SinkRecord record : item.records()) {
              RecordWriter.this.reject(record, ErrorTable.words(error.reply()));
            }
            done.add(item);
          });
    }
  }

  private void reject(SinkRecord record, String reason) {
    // the offsets of later records in Redis must not pass it before the report is safe
    rejections.reject(record, reason, plan.applies().keepsOffsets());
    metrics.rejected();
    settled.add(record);
  }

  /** Has the worker read on where Redis has come to; what it has given us so far is given again. */
  private void takeUp() {
    if (!progress.hasUnread()) {
      return;
    }
    Map<TopicPartition, Long> next = progress.read(links.get());
    if (!next.isEmpty()) {
      rewinds.to(next);
      rewound.addAll(next.keySet());
    }
  }

  /** Does what needs a server; where there is none, it is told and left for later. */
  private void attempt(Runnable action) {
    onServer(action, outage::failed);
  }

  private void connected(String why, Runnable action) {
    onServer(
        action,
        (reason, cause) -> {
          throw later(reason + ", and " + why, cause);
        });
  }

  /**
   * @param away what is done where the server is away or not ready, with the reason and its cause
   */
  private void onServer(Runnable action, BiConsumer<String, Exception> away) {
    try {
      action.run();
    } catch (LinkException e) {
      links.close();
      away.accept(e.getMessage(), e);
    } catch (RedisRefusedException e) {
      links.close();
      if (ErrorTable.verdict(e.error().reply()) != Verdict.RETRY) {
        throw words.refused(e.error(), "");
      }
      away.accept(ErrorTable.words(e.error().reply()), e);
    }
  }

  private RetryLaterException later(String words, Exception cause) {
    return new RetryLaterException(
        "Redis at " + links + " takes no writes: " + words + "; the records are sent again",
        outage.failed(words, cause));
  }
}
