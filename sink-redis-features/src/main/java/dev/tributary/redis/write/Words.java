package dev.tributary.redis.write;

import dev.tributary.redis.command.Position;
import dev.tributary.redis.errors.ErrorTable;
import dev.tributary.redis.link.RedisError;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@link RecordWriter} tells its users, in its log and in the errors that end the task. */
final class Words {
  private static final Logger LOG = LoggerFactory.getLogger(RecordWriter.class);

  private final LinkHolder links;
  private boolean skippedToldOnce;

  /**
   * @param links to the server that is spoken of
   */
  Words(LinkHolder links) {
    this.links = links;
  }

  /** Told once: what is to be known of it is the same for all others. */
  void skipped(Item item) {
    if (!skippedToldOnce) {
      skippedToldOnce = true;
      LOG.info(
          "{} is in Redis already, itself or a later record of its key, and was passed over; so"
              + " will others be. That is as it should be after a restart. If the topic was made"
              + " anew or is to be written again on purpose, set another redis.version.field or"
              + " redis.offsets.key",
          item.coordinates());
    }
  }

  /**
   * @param stored the offset in Redis, negative for none
   * @param written the last one that was written to it
   */
  void fellBehind(Position position, long stored, long written) {
    LOG.warn(
        "Redis at {} has come to offset {} of topic '{}', partition {}, but had been written to"
            + " {}: a failover or a restore has lost the rest, {}",
        links,
        stored < 0 ? "none" : stored,
        position.topic(),
        position.partition(),
        written,
        stored < 0 ? "which is not written again" : "which is read and written again");
  }

  ConnectException anotherTopic(Position position) {
    return new ConnectException(
        "Redis at "
            + links
            + " holds a later offset of topic '"
            + position.topic()
            + "', partition "
            + position.partition()
            + " than "
            + position.offset()
            + ", which was given behind it: the topic was deleted and made anew. To write it from"
            + " its start, stop the connector and set the offset of each of the topic's partitions to"
            + " 0 with PATCH /connectors/NAME/offsets, which changes it in Redis too, or set another"
            + " redis.offsets.key");
  }

  /**
   * @param coordinates of the record that was to be written, empty for none
   */
  ConnectException refused(RedisError error, String coordinates) {
    String remedy = ErrorTable.remedy(error.reply());
    return new ConnectException(
        "Redis at "
            + links
            + " refuses"
            + (coordinates.isEmpty() ? "" : " to write " + coordinates)
            + ": "
            + ErrorTable.words(error.reply())
            + (remedy.isEmpty() ? "" : "; " + remedy));
  }

  ConnectException refusedOffsets(RedisError error, String coordinates) {
    return new ConnectException(
        "Redis at "
            + links
            + " refuses to keep the offsets of "
            + coordinates
            + ": "
            + ErrorTable.words(error.reply())
            + "; the key of redis.offsets.key holds something else");
  }
}
