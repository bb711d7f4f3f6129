package dev.tributary.postgres.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.net.SocketException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class PgErrorsTest {
  @Test
  void triesAgainWhereTheServerIsAway() {
    assertKind("08001", null, PgErrors.Kind.OUTAGE);
    assertKind("08006", new SocketException("reset"), PgErrors.Kind.OUTAGE);
    assertKind("53300", null, PgErrors.Kind.OUTAGE);
    assertKind("57P03", null, PgErrors.Kind.OUTAGE);
    assertKind("55P03", null, PgErrors.Kind.OUTAGE);
  }

  @Test
  void triesAgainWhereATlsSessionWasCut() {
    assertKind("08006", handshake(new EOFException()), PgErrors.Kind.OUTAGE);
    assertKind("08006", handshake(new SocketException("reset")), PgErrors.Kind.OUTAGE);
  }

  @Test
  void givesUpWhereATlsSessionWasRefused() {
    assertKind("08006", handshake(new CertificateException("untrusted")), PgErrors.Kind.PERMANENT);
    assertKind("08006", handshake(null), PgErrors.Kind.PERMANENT);
  }

  @Test
  void givesUpWhereAllSlotsAreTaken() {
    assertKind("53400", null, PgErrors.Kind.PERMANENT);
  }

  private static SSLHandshakeException handshake(Throwable cause) {
    SSLHandshakeException handshake = new SSLHandshakeException("no");
    handshake.initCause(cause);
    return handshake;
  }

  private static void assertKind(String state, Throwable cause, PgErrors.Kind kind) {
    assertThat(PgErrors.classify(new SQLException("x", state, cause))).isEqualTo(kind);
  }
}
