package dev.tributary.transforms.score;

/**
 * The weighted sum of the features and the intercept; with {@code logistic} 1 / (1 + e^-sum).
 *
 * @param weights one per feature
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record LinearModel(double[] weights, double intercept, boolean logistic) implements Model {
  @Override
  public double score(double[] features) {
    double sum = intercept;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i] * features[i];
    }
    return logistic ? 1 / (1 + Math.exp(-sum)) : sum;
  }
}
