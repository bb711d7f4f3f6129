package dev.tributary.clickhouse.embedded;

import com.clickhouse.data.ClickHouseCityHash;

/**
 * The checksum of ClickHouse's compressed frames: CityHash128 of version 1.0.2, which later
 * versions of CityHash do not give.
 */
// Deprecated with all of the first client; the second client computes its checksums with it too.
@SuppressWarnings("deprecation")
final class CityHash {

  /** Where the code comes from. */
  static final Class<?> LIBRARY = ClickHouseCityHash.class;

  private CityHash() {}

  /** The low and the high half. */
  static long[] hash128(byte[] bytes, int offset, int length) {
    return ClickHouseCityHash.cityHash128(bytes, offset, length);
  }
}
