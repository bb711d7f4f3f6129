package dev.tributary.redis.errors;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorTableTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RETRY  | LOADING Redis is loading the dataset in memory",
        "RETRY  | READONLY You can't write against a read only replica.",
        "RETRY  | OOM command not allowed when used memory > 'maxmemory'.",
        "RETRY  | BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN"
            + " NOSAVE.",
        "RETRY  | MISCONF Redis is configured to save RDB snapshots, but it's currently unable to"
            + " persist to disk.",
        "RETRY  | NOREPLICAS Not enough good replicas to write.",
        "RETRY  | MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
        "RETRY  | CLUSTERDOWN The cluster is down",
        "RETRY  | TRYAGAIN Multiple keys request during rehashing of slot",
        "RETRY  | NOSCRIPT No matching script. Please use EVAL.",
        "RETRY  | ERR max number of clients reached",
        "RETRY  | @user_script: 9: -READONLY You can't write against a read only replica.",
        "RETRY  | ERR Error running script (call to f_1b): @user_script:1: @user_script: 1: OOM"
            + " command not allowed when used memory > 'maxmemory'.",
        "REJECT | WRONGTYPE Operation against a key holding the wrong kind of value",
        "REJECT | ERR string exceeds maximum allowed size (proto-max-bulk-len)",
        "REJECT | ERR TSDB: Timestamp is older than retention",
        "REJECT | ERR new objects must be created at the root",
        "REJECT | ERR array index out of range",
        "REJECT | ERR recursion limit exceeded at line 1 column 128",
        "REJECT | NONEXISTENT JSON path does not exist",
        "REJECT | LIMIT JSON document nesting depth exceeded",
        "STOP   | NOAUTH Authentication required.",
        "STOP   | WRONGPASS invalid username-password pair or user is disabled.",
        "STOP   | NOPERM this user has no permissions to run the 'evalsha' command",
        "STOP   | ERR unknown command `EVALSHA`, with args beginning with: `a` ",
        "STOP   | ERR DB index is out of range",
        "STOP   | SOMETHING nobody has heard of",
      })
  void classifies(Verdict verdict, String reply) {
    assertThat(ErrorTable.verdict(reply)).isEqualTo(verdict);
  }

  @Test
  void repeatsTheServersWordsWithoutWhatTheyQuoteOfARecord() {
    assertThat(ErrorTable.words("ERR unknown command `HSET`, with args beginning with: `u:1` `x` "))
        .isEqualTo("ERR unknown command `HSET`");
    assertThat(ErrorTable.words("@user_script: 9: -OOM command not allowed."))
        .isEqualTo("OOM command not allowed");
    assertThat(ErrorTable.words("X " + "a".repeat(1_000))).hasSizeLessThan(310);
  }
}
