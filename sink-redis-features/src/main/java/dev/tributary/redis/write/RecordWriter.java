package dev.tributary.redis.write;

import dev.tributary.common.error.Backoff;
import dev.tributary.common.error.Coordinates;
import dev.tributary.common.error.Outage;
import dev.tributary.redis.command.Call;
import dev.tributary.redis.command.HashCommands;
import dev.tributary.redis.command.KeyChange;
import dev.tributary.redis.command.Outcome;
import dev.tributary.redis.command.Position;
import dev.tributary.redis.encode.RecordEncoder;
import dev.tributary.redis.errors.ErrorTable;
import dev.tributary.redis.errors.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
  private static final Logger LOG = LoggerFactory.getLogger(RecordWriter.class);

  /** A connection that broke while it lay idle is no outage: the second attempt has a new one. */
  private static final int ATTEMPTS_AT_ONCE = 2;

  private final RedisLink.Source source;
  private final RecordEncoder encoder;
  private final HashCommands commands;
  private final Rejections rejections;
  private final Outage outage;
  private final Batch batch;
  private final List<SinkRecord> settled = new ArrayList<>();
  private Set<Position> settledBefore = Set.of();
  private RedisLink link;
  private boolean skippedToldOnce;

  /** A writer that connects when it first has to. */
  public RecordWriter(
      RedisLink.Source source,
      RecordEncoder encoder,
      HashCommands commands,
      Rejections rejections,
      int batchSize,
      Backoff backoff) {
    this.source = source;
    this.encoder = encoder;
    this.commands = commands;
    this.rejections = rejections;
    this.batch = new Batch(batchSize);
    this.outage = new Outage("Redis at " + source, backoff);
  }

  /**
   * Connects, so that a wrong password stops the task at its start and not at its first record. A
   * server that is away is told in the log only.
   *
   * @throws ConnectException if the server is there and lets nobody in
   */
  public void start() {
    try {
      link();
    } catch (LinkException e) {
      outage.failed(e.getMessage(), e);
    } catch (RedisRefusedException e) {
      if (ErrorTable.verdict(e.error().reply()) != Verdict.RETRY) {
        throw refused(e.error(), "");
      }
      outage.failed(ErrorTable.words(e.error().reply()), e);
    }
  }

  /**
   * Writes records; when it returns, all of them are written or rejected.
   *
   * @throws RetryLaterException if Redis is away or full for now
   * @throws ConnectException if no record can be written until someone sets things right, or a
   *     record is rejected that nothing tolerates
   */
  public void write(Collection<SinkRecord> records) {
    batch.clear();
    settled.clear();
    try {
      for (SinkRecord record : records) {
        Position position = Position.of(record);
        if (!settledBefore.contains(position)) {
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

  /** The task has other partitions from now on. */
  public void forget() {
    settledBefore = Set.of();
  }

  @Override
  public void close() {
    if (link != null) {
      link.close();
      link = null;
    }
  }

  private void add(SinkRecord record, Position position) {
    Optional<KeyChange> change;
    try {
      change = encoder.encode(record);
    } catch (DataException e) {
      // what came before it is written first, so that nothing but this record is wanting
      flush();
      rejections.reject(record, e.getMessage());
      settled.add(record);
      return;
    }
    if (change.isEmpty()) {
      settled.add(record);
    } else if (!batch.add(record, position, change.get())) {
      flush();
      batch.add(record, position, change.get());
    }
  }

  private void flush() {
    List<Batch.Slot> open = new ArrayList<>(batch.slots());
    String reason = "";
    Exception cause = null;
    for (int attempt = 0; attempt < ATTEMPTS_AT_ONCE && !open.isEmpty(); attempt++) {
      try {
        reason = send(open);
        cause = null;
      } catch (LinkException e) {
        close();
        reason = e.getMessage();
        cause = e;
      } catch (RedisRefusedException e) {
        close();
        reason = e.error().reply();
        cause = e;
        if (ErrorTable.verdict(reason) != Verdict.RETRY) {
          throw refused(e.error(), coordinates(open.get(0)));
        }
      }
    }
    if (!open.isEmpty()) {
      String words = ErrorTable.words(reason);
      throw new RetryLaterException(
          "Redis at " + source + " takes no writes: " + words + "; the records are sent again",
          outage.failed(words, cause));
    }
    if (!batch.isEmpty()) {
      outage.over();
      batch.clear();
    }
  }

  /**
   * Sends changes and takes those away from the list that are done with.
   *
   * @return the error of a change that is left, or an empty text
   */
  private String send(List<Batch.Slot> open) {
    List<Call> calls = new ArrayList<>(open.size());
    for (Batch.Slot slot : open) {
      calls.add(slot.call(commands));
    }
    List<Object> replies = link().exchange(calls);
    List<Batch.Slot> left = new ArrayList<>();
    String reason = "";
    for (int i = 0; i < replies.size(); i++) {
      Batch.Slot slot = open.get(i);
      if (!(replies.get(i) instanceof RedisError error)) {
        settle(slot, commands.outcome(replies.get(i)));
        continue;
      }
      switch (ErrorTable.verdict(error.reply())) {
        case REJECT -> reject(slot, error);
        case STOP -> throw refused(error, coordinates(slot));
        case RETRY -> {
          left.add(slot);
          reason = error.reply();
        }
      }
    }
    open.clear();
    open.addAll(left);
    if (!left.isEmpty()) {
      // NOSCRIPT wants the scripts loaded again, READONLY a connection to the new master
      close();
    }
    return reason;
  }

  private RedisLink link() {
    if (link == null) {
      RedisLink opened = source.open();
      try {
        for (Object reply : opened.exchange(commands.preparation())) {
          if (reply instanceof RedisError error) {
            throw new RedisRefusedException(error);
          }
        }
        link = opened;
      } finally {
        if (link == null) {
          opened.close();
        }
      }
    }
    return link;
  }

  private void settle(Batch.Slot slot, Outcome outcome) {
    settled.addAll(slot.records());
    if (outcome == Outcome.SKIPPED_AS_OLD && !skippedToldOnce) {
      skippedToldOnce = true;
      LOG.info(
          "{} is in Redis already, itself or a later record of its key, and was passed over; so"
              + " will others be. That is as it should be after a restart. If the topic was made"
              + " anew or is to be written again on purpose, set another redis.version.field",
          coordinates(slot));
    }
  }

  private void reject(Batch.Slot slot, RedisError error) {
    for (SinkRecord record : slot.records()) {
      rejections.reject(record, ErrorTable.words(error.reply()));
      settled.add(record);
    }
  }

  private ConnectException refused(RedisError error, String coordinates) {
    String remedy = ErrorTable.remedy(error.reply());
    return new ConnectException(
        "Redis at "
            + source
            + " refuses"
            + (coordinates.isEmpty() ? "" : " to write " + coordinates)
            + ": "
            + ErrorTable.words(error.reply())
            + (remedy.isEmpty() ? "" : "; " + remedy));
  }

  private static String coordinates(Batch.Slot slot) {
    return Coordinates.of(slot.records().get(slot.records().size() - 1));
  }
}
