package dev.tributary.transforms.chain;

import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;

/**
 * What a {@link Stateful} transform implements besides, so that a restore may begin with a snapshot
 * of its state. In a chain where one member does not, there are no snapshots.
 *
 * @param <S> the state of one partition
 */
public interface Storable<S> {

  /**
   * The version of what is written; another one after each change to it, and to what is kept of the
   * same records. Snapshots of another version are not read.
   */
  int format();

  /**
   * Writes a state down, with all that what comes out later depends on.
   *
   * @throws dev.tributary.transforms.state.NotStorableException if it holds what has no form; the
   *     chain then goes on without snapshots
   */
  void write(S state, StateOutput out);

  /** Takes what was written over into a state that {@link Stateful#newState} has just made. */
  void read(StateInput in, S fresh);
}
