package dev.tributary.postgres.replication;

import org.apache.kafka.connect.errors.ConnectException;

/** A {@link Problem} that stops the task. */
public final class ProblemException extends ConnectException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  public ProblemException(Problem problem) {
    super(problem.message());
    this.problem = problem;
  }

  public ProblemException(Problem problem, Throwable cause) {
    super(problem.message(), cause);
    this.problem = problem;
  }

  /** Null after deserialisation. */
  public Problem problem() {
    return problem;
  }
}
