package dev.tributary.clickhouse.error;

import com.clickhouse.client.api.ClientException;
import com.clickhouse.client.api.ClientMisconfigurationException;
import com.clickhouse.client.api.ConnectionInitiationException;
import com.clickhouse.client.api.DataTransferException;
import com.clickhouse.client.api.ServerException;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * The one table from failures to what is done about them. Codes are those of ClickHouse's {@code
 * src/Common/ErrorCodes.cpp}.
 */
public final class Faults {
  public static final int UNKNOWN_DATABASE = 81;
  public static final int TABLE_ALREADY_EXISTS = 57;
  public static final int ARGUMENT_OUT_OF_BOUND = 69;
  public static final int ACCESS_DENIED = 497;
  private static final int TOO_MANY_PARTS = 252;
  private static final int THROW_IF = 395;

  /** What a guarded insert says when it must wait for another one. */
  public static final String ANOTHER_INSERT_RUNS =
      "tributary: another insert of these records is running";

  /** What it says when the table has changed. */
  public static final String TABLE_HAS_CHANGED = "tributary: the table has changed";

  /** What an insert says that is made again for views, when the table may not know it any more. */
  public static final String INSERT_IS_FORGOTTEN =
      "tributary: too much was inserted since to make an insert again";

  private static final Pattern NAME = Pattern.compile("\\(([A-Z][A-Z0-9_]{3,})\\)");
  private static final int MAX_DEPTH = 20;

  private Faults() {}

  /** What is to be done about a failure, told by the first cause that the table knows. */
  public static Fault classify(Throwable failure) {
    Throwable at = failure;
    for (int depth = 0; at != null && depth < MAX_DEPTH; depth++, at = at.getCause()) {
      if (at instanceof ServerException server) {
        if (server.getCode() == TOO_MANY_PARTS && isOfOneInsert(server)) {
          return Fault.DIVIDE;
        }
        if (server.getCode() == THROW_IF && server.getMessage() != null) {
          if (server.getMessage().contains(ANOTHER_INSERT_RUNS)) {
            return Fault.RETRY;
          }
          if (server.getMessage().contains(TABLE_HAS_CHANGED)) {
            return Fault.REFRESH;
          }
        }
        return server.getCode() > 0
            ? byCode(server.getCode())
            : byHttpStatus(server.getTransportProtocolCode());
      }
      if (at instanceof ClientMisconfigurationException) {
        return Fault.STOP;
      }
      if (at instanceof ConnectionInitiationException
          || at instanceof DataTransferException
          || at instanceof TimeoutException
          || at instanceof IOException) {
        return Fault.RETRY;
      }
    }
    // the client's own word for a broken conversation, such as a 502 of a proxy
    return failure instanceof ClientException ? Fault.RETRY : Fault.STOP;
  }

  /**
   * The code has two meanings: the table has too many parts, until merges catch up; and one insert
   * has rows of more partitions than {@code max_partitions_per_insert_block} (ClickHouse's {@code
   * MergeTreeDataWriter.cpp}), for ever.
   */
  private static boolean isOfOneInsert(ServerException server) {
    return server.getMessage() != null && server.getMessage().contains("single INSERT block");
  }

  /**
   * Whether the server says that what failed is a materialized view, which is fed by an insert
   * after its own rows were taken in.
   */
  public static boolean isOfView(Throwable failure) {
    return serverSays(failure, "while pushing to view ");
  }

  /** Whether an insert that was to be made again for views may not be remembered any more. */
  public static boolean isForgotten(Throwable failure) {
    return serverSays(failure, INSERT_IS_FORGOTTEN);
  }

  private static boolean serverSays(Throwable failure, String words) {
    return find(ServerException.class::isInstance, failure)
        .filter(message -> message.contains(words))
        .isPresent();
  }

  /** The server's error code in a failure, or 0 where it did not come from the server. */
  public static int code(Throwable failure) {
    Throwable at = failure;
    for (int depth = 0; at != null && depth < MAX_DEPTH; depth++, at = at.getCause()) {
      if (at instanceof ServerException server) {
        return server.getCode();
      }
    }
    return 0;
  }

  /** Whether the server refused who asks, not what is asked. */
  public static boolean isAuthentication(Throwable failure) {
    Throwable at = failure;
    for (int depth = 0; at != null && depth < MAX_DEPTH; depth++, at = at.getCause()) {
      if (at instanceof ServerException server) {
        int code = server.getCode();
        int status = server.getTransportProtocolCode();
        // what stands in front of the server has no codes
        return code == 192
            || code == 193
            || code == 194
            || code == 516
            || (code <= 0 && (status == 401 || status == 403));
      }
    }
    return false;
  }

  /** Whether the two ends do not get on over TLS; what is the matter stands in the message. */
  public static Optional<String> tls(Throwable failure) {
    return find(at -> at instanceof SSLException && !isBroken(at.getCause()), failure);
  }

  /** Whether the connection was cut, which can happen in the middle of a handshake too. */
  private static boolean isBroken(Throwable cause) {
    return cause instanceof EOFException || cause instanceof SocketException;
  }

  /** What a client that cannot work as it is set up says, or what is between it and the server. */
  public static Optional<String> misconfiguration(Throwable failure) {
    return find(ClientMisconfigurationException.class::isInstance, failure);
  }

  private static Optional<String> find(Predicate<Throwable> kind, Throwable failure) {
    Throwable at = failure;
    for (int depth = 0; at != null && depth < MAX_DEPTH; depth++, at = at.getCause()) {
      if (kind.test(at)) {
        return Optional.of(String.valueOf(at.getMessage()));
      }
    }
    return Optional.empty();
  }

  /**
   * What can be said about a failure without showing data: ClickHouse's messages may quote the
   * values that they complain about.
   */
  public static String describe(Throwable failure) {
    Throwable at = failure;
    for (int depth = 0; at != null && depth < MAX_DEPTH; depth++, at = at.getCause()) {
      if (at instanceof ServerException server) {
        return server.getCode() > 0
            ? "ClickHouse error " + server.getCode() + name(server.getMessage())
            : "HTTP status " + server.getTransportProtocolCode();
      }
      if (at instanceof IOException) {
        return at.getMessage() == null ? at.getClass().getSimpleName() : at.getMessage();
      }
    }
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }

  private static String name(String message) {
    String name = "";
    Matcher matcher = NAME.matcher(message == null ? "" : message);
    while (matcher.find()) {
      name = " (" + matcher.group(1) + ")";
    }
    return name;
  }

  private static Fault byCode(int code) {
    return switch (code) {
      // timeouts, overload, network between servers, Keeper, read-only replicas (but not users),
      // start and end
      case 3,
          107,
          159,
          160,
          198,
          201,
          202,
          203,
          204,
          209,
          210,
          225,
          236,
          241,
          242,
          243,
          244,
          252,
          265,
          279,
          285,
          286,
          298,
          319,
          335,
          359,
          364,
          394,
          410,
          415,
          416,
          425,
          439,
          473,
          999 ->
          Fault.RETRY;
      // no such column in table, unknown identifier, unknown table
      case 8, 10, 16, 47, 60, 218, 517 -> Fault.REFRESH;
      // values that do not parse, fit or satisfy a constraint or a materialized view
      case 6,
          7,
          25,
          26,
          27,
          28,
          32,
          33,
          38,
          39,
          41,
          43,
          53,
          69,
          70,
          72,
          117,
          128,
          130,
          131,
          153,
          190,
          321,
          349,
          354,
          376,
          395,
          407,
          441,
          467,
          469,
          493,
          585,
          613,
          636,
          675,
          676,
          691 ->
          Fault.ISOLATE;
      default -> Fault.STOP;
    };
  }

  private static Fault byHttpStatus(int status) {
    boolean final4xx = status >= 400 && status < 500 && status != 408 && status != 429;
    return final4xx ? Fault.STOP : Fault.RETRY;
  }
}
