package dev.tributary.endtoend;

/**
 * An event that features are made of.
 *
 * @param user null where the event is broken by having none
 * @param time in epoch milliseconds
 * @param amount a multiple of an eighth, so that sums of doubles are exact; null where there is
 *     none
 * @param price a decimal with two places, written out
 */
record ShopEvent(
    long id, String user, long time, Double amount, String price, String kind, String page) {

  /** As JSON without a schema. */
  String json() {
    return "{\"id\":%d,%s\"ts\":%d,\"amount\":%s,\"price\":\"%s\",\"kind\":\"%s\",\"page\":\"%s\"}"
        .formatted(
            id, user == null ? "" : "\"user\":\"" + user + "\",", time, amount, price, kind, page);
  }
}
