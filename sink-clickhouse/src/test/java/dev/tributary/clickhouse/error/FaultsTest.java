package dev.tributary.clickhouse.error;

import static org.assertj.core.api.Assertions.assertThat;

import com.clickhouse.client.api.ClientException;
import com.clickhouse.client.api.ConnectionInitiationException;
import com.clickhouse.client.api.DataTransferException;
import com.clickhouse.client.api.ServerException;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultsTest {
  @ParameterizedTest
  @CsvSource({
    "159, RETRY",
    "202, RETRY",
    "209, RETRY",
    "210, RETRY",
    "241, RETRY",
    "242, RETRY",
    "252, RETRY",
    "164, STOP",
    "319, RETRY",
    "425, RETRY",
    "999, RETRY",
    "16, REFRESH",
    "47, REFRESH",
    "60, REFRESH",
    "6, ISOLATE",
    "27, ISOLATE",
    "53, ISOLATE",
    "69, ISOLATE",
    "131, ISOLATE",
    "349, ISOLATE",
    "469, ISOLATE",
    "192, STOP",
    "497, STOP",
    "516, STOP",
    "62, STOP",
  })
  void tellsWhatToDoByTheServersCode(int code, Fault fault) {
    assertThat(Faults.classify(new ServerException(code, "x", 500))).isEqualTo(fault);
  }

  @Test
  void dividesAnInsertOfTooManyPartitions() {
    String message = "Too many partitions for single INSERT block (more than 100)";

    assertThat(Faults.classify(new ServerException(252, message, 500))).isEqualTo(Fault.DIVIDE);
  }

  @Test
  void triesAgainWhenTheNetworkFails() {
    assertThat(Faults.classify(new ConnectionInitiationException("x", new ConnectException())))
        .isEqualTo(Fault.RETRY);
    assertThat(Faults.classify(new DataTransferException("x", new SocketTimeoutException())))
        .isEqualTo(Fault.RETRY);
    assertThat(Faults.classify(new ClientException("Server returned '502 Bad gateway'")))
        .isEqualTo(Fault.RETRY);
    assertThat(Faults.classify(new ServerException(0, "busy", 503))).isEqualTo(Fault.RETRY);
    assertThat(Faults.classify(new ServerException(0, "not found", 404))).isEqualTo(Fault.STOP);
  }

  @Test
  void stopsAtItsOwnMistakes() {
    assertThat(Faults.classify(new IllegalStateException())).isEqualTo(Fault.STOP);
  }

  @Test
  void describesAFailureWithoutTheDataInIt() {
    ServerException failure =
        new ServerException(
            6,
            "Code: 6. DB::Exception: Cannot parse 'secret' (CANNOT_PARSE_TEXT) (version 26.5)",
            500);

    assertThat(Faults.describe(new ClientException("x", failure)))
        .isEqualTo("ClickHouse error 6 (CANNOT_PARSE_TEXT)");
  }

  @Test
  void takesAHandshakeThatWasCutForNoMisconfiguration() {
    SSLException refused = new SSLException("unable to find valid certification path");
    assertThat(Faults.tls(new ClientException("x", refused))).contains(refused.getMessage());
    SSLException cut = new SSLException("Remote host terminated the handshake", new EOFException());
    assertThat(Faults.tls(new ClientException("x", cut))).isEmpty();
    SSLException reset = new SSLException("reset", new SocketException("Connection reset"));
    assertThat(Faults.tls(new ClientException("x", reset))).isEmpty();
  }
}
