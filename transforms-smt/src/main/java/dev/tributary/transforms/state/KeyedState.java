package dev.tributary.transforms.state;

import java.util.function.Consumer;

/** What a transform knows of the keys of one partition. */
public interface KeyedState {

  /** Whether the key is held. */
  boolean knows(Object key);

  /** Hands on each key that is held. */
  void keys(Consumer<Object> to);

  /** How many times a key was taken in that was not held. */
  long appeared();

  /** Writes the state down. */
  void write(StateOutput out);

  /** Takes over what was written of a state with the same settings; this one must be empty. */
  void read(StateInput in);

  /** The state is dropped: it counts in the {@link Usage} no longer. */
  void close();
}
