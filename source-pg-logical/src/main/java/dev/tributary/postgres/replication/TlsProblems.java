package dev.tributary.postgres.replication;

import dev.tributary.postgres.config.ConnectionKeys;
import dev.tributary.postgres.config.ConnectionSettings;
import java.io.FileNotFoundException;
import java.nio.file.NoSuchFileException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which of the settings for TLS keeps a session from being opened. Goes by causes, by the names of
 * files and by what no language of pgjdbc's changes.
 */
final class TlsProblems {
  private static final List<String> FILES =
      List.of(ConnectionKeys.SSL_ROOT_CERT, ConnectionKeys.SSL_CERT, ConnectionKeys.SSL_KEY);

  private static final String UNSAFE_KEY = "private key file";
  private static final String VERIFIER = "ostnameVerifier";

  private TlsProblems() {}

  /** Whether a file or a name is wrong on our side, which waiting does not cure. */
  static boolean isOurs(SQLException error) {
    return isMissingFile(error)
        || (error.getCause() == null
            && (mentions(error, "SSL")
                || mentions(error, VERIFIER)
                || mentions(error, UNSAFE_KEY)));
  }

  /** The problem; empty if it is not one of TLS. */
  static Optional<Problem> of(SQLException error, ConnectionSettings to, String server) {
    if (mentions(error, VERIFIER)) {
      return problem(
          ConnectionKeys.HOSTNAME,
          "the certificate of "
              + server
              + " is not for that host name; set database.hostname to a name that is in it, or"
              + " database.sslmode=verify-ca, which does not ask for the name");
    }
    Optional<String> file = file(error, to.ssl());
    if (file.isPresent()) {
      return problem(
          file.get(),
          "no TLS session with "
              + server
              + " for want of the file under "
              + file.get()
              + ": "
              + error.getMessage());
    }
    if (has(error, CertPathBuilderException.class)
        || has(error, CertPathValidatorException.class)) {
      return problem(
          ConnectionKeys.SSL_ROOT_CERT,
          "the certificate of "
              + server
              + " is signed by none of the authorities in the file under database.sslrootcert ("
              + error.getMessage()
              + ")");
    }
    return ofServer(error, to, server);
  }

  /** What the server says of sessions that are not as it wants them. */
  private static Optional<Problem> ofServer(
      SQLException error, ConnectionSettings to, String server) {
    if (mentions(error, "no encryption")) {
      return problem(
          ConnectionKeys.SSL_MODE,
          server
              + " lets user '"
              + to.user()
              + "' in only with TLS, if at all; set database.sslmode=require or stricter ("
              + error.getMessage()
              + ")");
    }
    if (mentions(error, "client certificate")
        || mentions(error, "ertificate authentication failed")
        || mentions(error, "Received fatal alert")) {
      return problem(
          ConnectionKeys.SSL_CERT,
          server
              + " does not accept the client certificate, or the want of one, for user '"
              + to.user()
              + "': "
              + error.getMessage()
              + ". Set database.sslcert and database.sslkey");
    }
    return has(error, javax.net.ssl.SSLException.class) || mentions(error, "SSL")
        ? problem(
            ConnectionKeys.SSL_MODE,
            "no TLS session with " + server + " under database.sslmode: " + error.getMessage())
        : Optional.empty();
  }

  /** The key of the file that the error is about. */
  private static Optional<String> file(SQLException error, Map<String, String> ssl) {
    for (String key : FILES) {
      String path = ssl.get(key.substring("database.".length()));
      if (path != null && mentions(error, path)) {
        return Optional.of(key);
      }
    }
    // without a setting, pgjdbc looks in the home directory
    return isMissingFile(error) && !ssl.containsKey("sslrootcert")
        ? Optional.of(ConnectionKeys.SSL_ROOT_CERT)
        : Optional.empty();
  }

  private static boolean isMissingFile(SQLException error) {
    return has(error, FileNotFoundException.class) || has(error, NoSuchFileException.class);
  }

  private static boolean mentions(SQLException error, String text) {
    return error.getMessage() != null && error.getMessage().contains(text);
  }

  private static boolean has(Throwable error, Class<? extends Throwable> type) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      if (type.isInstance(at)) {
        return true;
      }
    }
    return false;
  }

  private static Optional<Problem> problem(String key, String message) {
    return Optional.of(new Problem(key, message));
  }
}
