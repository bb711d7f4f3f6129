package dev.tributary.redis.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HashWriteTest {
  private static final byte[] KEY = {1};

  /** The oracle applies the changes to a map one by one; also from any state of a replay. */
  @Test
  void joinedChangesDoWhatTheyDoOneByOne() {
    Random random = new Random(20261120);
    for (int round = 0; round < 2_000; round++) {
      Map<String, String> start = new HashMap<>(Map.of("a", "old", "z", "old"));
      List<HashChange> changes = new ArrayList<>();
      HashChange joined = null;
      for (int i = 0; i < 1 + random.nextInt(5); i++) {
        HashChange change = change(random, i);
        changes.add(change);
        joined = joined == null ? change : joined.then(change);
      }

      Map<String, String> oneByOne = new HashMap<>(start);
      changes.forEach(change -> apply(oneByOne, change));
      Map<String, String> atOnce = new HashMap<>(start);
      int doneBefore = random.nextInt(changes.size());
      changes.subList(0, doneBefore).forEach(change -> apply(atOnce, change));
      apply(atOnce, joined);

      assertThat(atOnce).isEqualTo(oneByOne);
    }
  }

  private static HashChange change(Random random, int number) {
    if (random.nextInt(4) == 0) {
      return new KeyDelete(KEY);
    }
    List<byte[]> pairs = new ArrayList<>();
    List<byte[]> removed = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      int what = random.nextInt(3);
      if (what == 0) {
        pairs.add(name.getBytes(UTF_8));
        pairs.add(("v" + number).getBytes(UTF_8));
      } else if (what == 1) {
        removed.add(name.getBytes(UTF_8));
      }
    }
    return new HashWrite(KEY, random.nextInt(4) == 0, pairs, removed, Expiry.NEVER);
  }

  private static void apply(Map<String, String> hash, HashChange change) {
    if (!(change instanceof HashWrite write)) {
      hash.clear();
      return;
    }
    if (write.replace()) {
      hash.clear();
    }
    write.removed().forEach(name -> hash.remove(new String(name, UTF_8)));
    for (int i = 0; i < write.pairs().size(); i += 2) {
      hash.put(
          new String(write.pairs().get(i), UTF_8), new String(write.pairs().get(i + 1), UTF_8));
    }
  }
}
