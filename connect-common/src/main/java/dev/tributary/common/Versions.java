package dev.tributary.common;

/** The version that a plugin tells Connect. */
public final class Versions {
  private Versions() {}

  /**
   * The version in the manifest of the jar that a class comes from; {@code development} outside a
   * jar.
   */
  public static String of(Class<?> type) {
    String version = type.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
