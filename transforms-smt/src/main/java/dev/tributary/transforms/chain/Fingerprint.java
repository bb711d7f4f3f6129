package dev.tributary.transforms.chain;

import dev.tributary.common.Versions;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells chains apart that may make different states of the same records: by the classes of the
 * members in their order, the versions of the code and of their states' format, and all their
 * settings but those that say from where to restore.
 */
final class Fingerprint {
  private static final String RESTORE = RestoreConfig.RESTORE;

  private Fingerprint() {}

  /** 64 digits, which say nothing about the settings. */
  static String of(List<Stateful<?>> members, List<Map<String, ?>> configs) {
    StringBuilder text = new StringBuilder(Versions.of(Fingerprint.class));
    for (int i = 0; i < members.size(); i++) {
      Stateful<?> member = members.get(i);
      text.append('\n').append(member.getClass().getName());
      text.append('\n').append(member instanceof Storable<?> s ? s.format() : -1);
      new TreeMap<>(configs.get(i))
          .forEach(
              (key, value) -> {
                if (matters(key)) {
                  text.append('\n').append(key.length()).append(key).append('=').append(value);
                }
              });
    }
    try {
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JVM has it
    }
  }

  /** Of the restore only what decides how the topic's records are read. */
  private static boolean matters(String key) {
    return !(key.equals(RESTORE) || key.startsWith(RESTORE + "."))
        || key.startsWith(RestoreConfig.VALUE_CONVERTER)
        || key.equals(RestoreConfig.CLIENT_PREFIX + "isolation.level");
  }
}
