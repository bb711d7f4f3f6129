package dev.tributary.redis.errors;

/** What is done about an error. */
public enum Verdict {
  /** It will pass: the same records are sent again after a while, for ever. */
  RETRY,
  /** This record can never be written: it goes to the dead letter queue alone. */
  REJECT,
  /** No record can be written until someone sets things right: the task stops. */
  STOP
}
