package dev.tributary.postgres.incremental;

import java.util.UUID;

/** The logical messages between which rows are read. */
final class Watermarks {
  static final String PREFIX = "tributary.watermark";

  private Watermarks() {}

  /** One reading. */
  record Window(String id) {
    static Window create() {
      return new Window(UUID.randomUUID().toString());
    }

    String low() {
      return "low " + id;
    }

    String high() {
      return "high " + id;
    }
  }
}
