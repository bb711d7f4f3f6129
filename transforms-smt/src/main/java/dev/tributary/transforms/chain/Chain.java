package dev.tributary.transforms.chain;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.MDC;

/**
 * The stateful transforms of one task, in their order.
 *
 * <p>Connect tells a transform nothing but its own settings, so they find each other: Connect
 * configures a task's transforms one after the other on one thread, whose logging context ({@code
 * connector.context}) names the task. What is configured there before the first of them is used or
 * closed is one chain. Without such a context a transform stands alone.
 *
 * <p>{@link #join} and {@link #abandon} belong to the thread that configures; the rest belongs to
 * the task's.
 */
public final class Chain {
  private static final String CONTEXT = "connector.context";

  /** Chains that transforms still join. Weak, as a task that fails to start closes nothing. */
  private static final Map<Place, WeakReference<Chain>> OPEN = new HashMap<>();

  private final Place place;
  private final List<Stateful<?>> members = new ArrayList<>();
  private final List<Map<String, ?>> configs = new ArrayList<>();
  private final List<RestoreSettings> settings = new ArrayList<>();
  private final Function<RestoreSettings, History> histories;
  private int first = -1;
  private long fewestRecords = Snapshots.FEWEST_RECORDS;
  private LongSupplier nanos = System::nanoTime;
  private final Function<RestoreSettings, TopicHistory> topicHistories;
  private History history;
  private SinkChain sinkChain;
  private SourceChain sourceChain;

  private record Place(String context, long thread) {}

  private Chain(Place place) {
    this(place, KafkaHistory::new, KafkaTopicHistory::new);
  }

  private Chain(
      Place place,
      Function<RestoreSettings, History> histories,
      Function<RestoreSettings, TopicHistory> topicHistories) {
    this.place = place;
    this.histories = histories;
    this.topicHistories = topicHistories;
  }

  /** A chain of its own for tests, on a history of theirs, with a snapshot before every record. */
  static Chain on(History history) {
    return on(history, () -> 0);
  }

  static Chain on(History history, LongSupplier nanos) {
    Chain chain = new Chain(null, settings -> history, KafkaTopicHistory::new);
    chain.fewestRecords = 1;
    chain.nanos = nanos;
    return chain;
  }

  /** The same in a source, on a topic of theirs. */
  static Chain on(TopicHistory history) {
    return new Chain(null, KafkaHistory::new, settings -> history);
  }

  /**
   * Takes the next place in the chain of the task that is being configured.
   *
   * @param config all of the transform's settings; the same ones again begin a new chain, as they
   *     tell that the task is started once more
   */
  public static <S> Seat<S> join(
      Stateful<S> member, Map<String, ?> config, RestoreSettings restore) {
    String context = MDC.get(CONTEXT);
    if (context == null || context.isBlank()) {
      return new Chain(null).add(member, config, restore);
    }
    Place place = new Place(context, Thread.currentThread().getId());
    synchronized (OPEN) {
      OPEN.values().removeIf(chain -> chain.get() == null);
      WeakReference<Chain> found = OPEN.get(place);
      Chain chain = found == null ? null : found.get();
      if (chain == null || chain.configs.contains(config)) {
        chain = new Chain(place);
        OPEN.put(place, new WeakReference<>(chain));
      }
      return chain.add(member, config, restore);
    }
  }

  /** How many chains are open; for tests of leaks. */
  static int open() {
    synchronized (OPEN) {
      return OPEN.size();
    }
  }

  <S> Seat<S> add(Stateful<S> member, Map<String, ?> config, RestoreSettings restore) {
    members.add(member);
    configs.add(Map.copyOf(config));
    settings.add(restore);
    return new Seat<>(this, members.size() - 1, member);
  }

  /**
   * The first record comes to a member. From now on nobody joins. The settings of the first member
   * that is reached hold for all; one before it may be left over from a start that failed.
   */
  void enter(int member) {
    if (first < 0) {
      closeToOthers();
      first = member;
    }
    if (settings.get(member).mode() != settings.get(first).mode()) {
      throw new ChainError(
          members.get(first).describe()
              + " and "
              + members.get(member).describe()
              + " stand in one connector with different settings of 'restore'; set the same");
    }
  }

  boolean restores() {
    return settings.get(first).mode() == RestoreSettings.Mode.TOPIC;
  }

  SinkChain sinkChain() {
    if (sinkChain == null) {
      RestoreSettings restore = settings.get(first);
      history = histories.apply(restore);
      sinkChain =
          new SinkChain(
              members,
              history,
              restore.snapshots().map(this::snapshots).orElse(null),
              restore.recentRecords(),
              SinkChain.IDLE_RECORDS);
    }
    return sinkChain;
  }

  private Snapshots snapshots(RestoreSettings.SnapshotFolder wanted) {
    String fingerprint = Fingerprint.of(members, configs);
    return new Snapshots(
        members,
        history,
        new SnapshotFiles(wanted.folder(), fingerprint),
        fingerprint,
        wanted.interval(),
        fewestRecords,
        nanos);
  }

  SourceChain sourceChain() {
    if (sourceChain == null) {
      RestoreSettings restore = settings.get(first);
      sourceChain = new SourceChain(members, topicHistories.apply(restore), restore.topic());
    }
    return sourceChain;
  }

  /**
   * A transform's configuration has failed, so the task does not start: what has joined so far is
   * no part of what is configured here next.
   */
  public static void abandon() {
    synchronized (OPEN) {
      OPEN.remove(new Place(MDC.get(CONTEXT), Thread.currentThread().getId()));
    }
  }

  /** A member is closed, and with it the task: all of them will be. */
  void leave() {
    closeToOthers();
    if (sinkChain != null) {
      sinkChain.close();
      sinkChain = null;
    }
    if (history != null) {
      history.close();
      history = null;
    }
    if (sourceChain != null) {
      sourceChain.close();
      sourceChain = null;
    }
  }

  private void closeToOthers() {
    if (place != null) {
      synchronized (OPEN) {
        WeakReference<Chain> open = OPEN.get(place);
        if (open != null && open.get() == this) {
          OPEN.remove(place);
        }
      }
    }
  }
}
