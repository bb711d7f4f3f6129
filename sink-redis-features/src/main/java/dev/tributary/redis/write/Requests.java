package dev.tributary.redis.write;

import dev.tributary.redis.command.ApplyCommands;
import dev.tributary.redis.command.Commands;
import dev.tributary.redis.command.Expiry;
import dev.tributary.redis.command.HashChange;
import dev.tributary.redis.command.HashCommands;
import dev.tributary.redis.command.HashWrite;
import dev.tributary.redis.command.Position;
import dev.tributary.redis.command.Version;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts items together into as few calls as the server can answer quickly: a script that runs for
 * long keeps everyone else waiting.
 */
final class Requests {
  private static final int MAX_ITEMS = 100;
  private static final int MAX_ARGUMENTS = 5_000;

  private final HashCommands hashes;
  private final ApplyCommands applies;
  private final Progress progress;

  Requests(HashCommands hashes, ApplyCommands applies, Progress progress) {
    this.hashes = hashes;
    this.applies = applies;
    this.progress = progress;
  }

  /**
   * Requests for all items; those of one partition and slot in their order.
   *
   * @param alone whether each hash goes in a call of its own, as a cluster that moves a slot takes
   *     no call on keys of which some have moved
   */
  List<Request> of(List<Item> items, boolean alone) {
    List<Request> requests = new ArrayList<>();
    Map<Group, Sets> sets = new LinkedHashMap<>();
    Map<Group, Applies> logs = new LinkedHashMap<>();
    for (Item item : items) {
      if (item.change() instanceof Commands change) {
        Position position = item.position();
        logs.computeIfAbsent(
                new Group(
                    item.slot(),
                    ByteBuffer.wrap(ApplyCommands.field(position.topic(), position.partition()))),
                key -> new Applies(progress.reached(position)))
            .add(item, change, requests);
      } else if (isLoneSet(item)) {
        requests.add(
            new Request.Single(HashCommands.plain(item.slot(), (HashWrite) item.change()), item));
      } else if (!alone && hashes.isPlainSet((HashChange) item.change())) {
        sets.computeIfAbsent(
                new Group(item.slot(), ByteBuffer.wrap(item.version().field())), key -> new Sets())
            .add(item, requests);
      } else {
        requests.add(
            new Request.Single(
                hashes.single(item.slot(), (HashChange) item.change(), item.version()), item));
      }
    }
    sets.values().forEach(group -> group.close(requests));
    logs.values().forEach(group -> group.close(requests));
    return requests;
  }

  /** Whether one command does it all, as there is neither a version nor an expiry. */
  private boolean isLoneSet(Item item) {
    return !item.version().isPresent()
        && hashes.isPlainSet((HashChange) item.change())
        && ((HashWrite) item.change()).expiry().equals(Expiry.UNTOUCHED);
  }

  private record Group(int slot, ByteBuffer of) {}

  /** Hashes whose fields are only set. */
  private final class Sets {
    private List<Item> items = new ArrayList<>();
    private int arguments;

    void add(Item item, List<Request> to) {
      int more = 4 + ((HashWrite) item.change()).pairs().size();
      if (items.size() >= MAX_ITEMS || (!items.isEmpty() && arguments + more > MAX_ARGUMENTS)) {
        close(to);
      }
      items.add(item);
      arguments += more;
    }

    void close(List<Request> to) {
      if (items.isEmpty()) {
        return;
      }
      List<HashWrite> writes = new ArrayList<>(items.size());
      List<Version> versions = new ArrayList<>(items.size());
      for (Item item : items) {
        writes.add((HashWrite) item.change());
        versions.add(item.version());
      }
      to.add(new Request.Merge(hashes.merge(items.get(0).slot(), writes, versions), items));
      items = new ArrayList<>();
      arguments = 0;
    }
  }

  /** Commands of one partition's records. */
  private final class Applies {
    private List<Item> items = new ArrayList<>();
    private int arguments;
    private long after;
    private boolean isFirst = true;

    Applies(long after) {
      this.after = after;
    }

    void add(Item item, Commands change, List<Request> to) {
      int more = 2 + change.commands().stream().mapToInt(List::size).sum();
      if (items.size() >= MAX_ITEMS || (!items.isEmpty() && arguments + more > MAX_ARGUMENTS)) {
        close(to);
      }
      items.add(item);
      arguments += more;
    }

    void close(List<Request> to) {
      if (items.isEmpty()) {
        return;
      }
      List<Commands> changes = new ArrayList<>(items.size());
      List<Long> offsets = new ArrayList<>(items.size());
      for (Item item : items) {
        changes.add((Commands) item.change());
        offsets.add(item.position().offset());
      }
      Item last = items.get(items.size() - 1);
      to.add(
          new Request.Apply(
              applies.apply(last.slot(), last.position(), after, changes, offsets),
              items,
              isFirst));
      isFirst = false;
      // the next call of this pipeline must not overtake what this one may leave undone
      after = last.position().offset();
      items = new ArrayList<>();
      arguments = 0;
    }
  }
}
