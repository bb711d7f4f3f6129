package dev.tributary.transforms.score;

/** Makes a score of features. Belongs to one task. */
public interface Model extends AutoCloseable {

  /**
   * The score.
   *
   * @param features in the model's order; not kept
   */
  double score(double[] features);

  @Override
  default void close() {}
}
