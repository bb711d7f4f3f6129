package dev.tributary.transforms.chain;

import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.connector.ConnectRecord;

/**
 * What every transform with state does between Connect's {@code configure} and {@code close}: makes
 * its logic of the settings, takes its seat in the task's chain, and gives it up again. A transform
 * holds one and hands its calls on.
 *
 * <p>Confined to the thread that configures, then to the task's.
 *
 * @param <S> the transform's state of one partition
 */
public final class Membership<S> {
  private final Function<Map<String, ?>, Configured<S>> configuration;
  private Stateful<S> logic;
  private Seat<S> seat;

  /**
   * What settings say.
   *
   * @param logic what is done with a record
   * @param restore how its state is made again
   */
  public record Configured<S>(Stateful<S> logic, RestoreSettings restore) {}

  /**
   * Of no chain yet.
   *
   * @param configuration reads the transform's settings; throws a {@link ConfigException} if they
   *     are wrong
   */
  public Membership(Function<Map<String, ?>, Configured<S>> configuration) {
    this.configuration = configuration;
  }

  /**
   * Joins the chain of the task that is being configured.
   *
   * @throws ConfigException if the settings are wrong; the task then does not start
   */
  public void configure(Map<String, ?> settings) {
    try {
      Configured<S> configured = configuration.apply(settings);
      logic = configured.logic();
      seat = Chain.join(logic, settings, configured.restore());
    } catch (ConfigException e) {
      Chain.abandon();
      throw e;
    }
  }

  /** Transforms a record; null if it is dropped. */
  public <R extends ConnectRecord<R>> R apply(R record) {
    return seat.apply(record);
  }

  /** Leaves the chain; without effect where none was joined. */
  public void close() {
    if (seat != null) {
      seat.close();
      logic.close();
    }
  }
}
