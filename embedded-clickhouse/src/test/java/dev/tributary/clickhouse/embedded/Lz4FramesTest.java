package dev.tributary.clickhouse.embedded;

import static dev.tributary.clickhouse.embedded.TestEngine.encoded;
import static dev.tributary.clickhouse.embedded.TestEngine.header;
import static dev.tributary.clickhouse.embedded.TestEngine.newTable;
import static dev.tributary.clickhouse.embedded.TestEngine.post;
import static dev.tributary.clickhouse.embedded.TestEngine.request;
import static dev.tributary.clickhouse.embedded.TestEngine.run;
import static dev.tributary.clickhouse.embedded.TestEngine.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.clickhouse.client.api.internal.ClickHouseLZ4InputStream;
import com.clickhouse.client.api.internal.ClickHouseLZ4OutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4Factory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client's own streams are the other side. */
class Lz4FramesTest {

  private static final LZ4Factory LZ4 = LZ4Factory.fastestJavaInstance();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1000, 1 << 20, (1 << 20) + 1, 5_000_000})
  void readsAndWritesWhatTheClientDoes(int length) throws IOException {
    for (byte[] data : new byte[][] {random(length), new byte[length]}) {
      assertThat(new Lz4Frames.Reader(new ByteArrayInputStream(clientFrames(data))).readAllBytes())
          .isEqualTo(data);

      ByteArrayOutputStream framed = new ByteArrayOutputStream();
      try (OutputStream out = new Lz4Frames.Writer(framed)) {
        out.write(data);
      }
      try (InputStream in =
          new ClickHouseLZ4InputStream(
              new ByteArrayInputStream(framed.toByteArray()), LZ4.fastDecompressor(), 1 << 16)) {
        assertThat(in.readAllBytes()).isEqualTo(data);
      }
    }
  }

  @Test
  void noticesDamage() throws IOException {
    byte[] frames = clientFrames(random(100_000));
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      byte[] damaged = frames.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      assertThatThrownBy(
              () -> new Lz4Frames.Reader(new ByteArrayInputStream(damaged)).readAllBytes())
          .isInstanceOf(Lz4Frames.BadFrameException.class);
      byte[] cut = Arrays.copyOf(frames, 1 + random.nextInt(frames.length - 1));
      if (!endsWithAFrame(frames, cut.length)) {
        assertThatThrownBy(() -> new Lz4Frames.Reader(new ByteArrayInputStream(cut)).readAllBytes())
            .isInstanceOf(Lz4Frames.BadFrameException.class);
      }
    }
  }

  @Test
  void compressesBothWaysOverHttp() throws IOException {
    String table = newTable("a UInt64, b Float64, s String", "MergeTree ORDER BY a");
    byte[] rows = InsertTest.binaryRows(1_000_000);

    HttpResponse<String> inserted =
        post(
            "decompress=1&query=" + encoded("INSERT INTO " + table + " FORMAT RowBinary"),
            clientFrames(rows));
    HttpResponse<byte[]> selected =
        send(
            request("compress=1")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "SELECT * FROM " + table + " ORDER BY a FORMAT RowBinary"))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());

    assertThat(header(inserted, "X-ClickHouse-Summary")).contains("\"written_rows\":\"1000000\"");
    assertThat(selected.body().length).isLessThan(rows.length);
    try (InputStream in =
        new ClickHouseLZ4InputStream(
            new ByteArrayInputStream(selected.body()), LZ4.fastDecompressor(), 1 << 16)) {
      assertThat(in.readAllBytes()).isEqualTo(rows);
    }
  }

  @Test
  void runsNothingOfADamagedBody() throws IOException {
    String table = newTable("a UInt64, b Float64, s String", "MergeTree ORDER BY a");
    String insert = "decompress=1&query=" + encoded("INSERT INTO " + table + " FORMAT RowBinary");
    byte[] frames = clientFrames(InsertTest.binaryRows(300_000));
    byte[] damaged = frames.clone();
    damaged[frames.length / 2] ^= 1;

    assertThat(post(insert, damaged).body()).startsWith("Code: 40.");
    assertThat(post(insert, Arrays.copyOf(frames, frames.length - 10)).body())
        .startsWith("Code: 33.");
    assertThat(post(insert, "no frames at all, but long enough for one").statusCode())
        .isEqualTo(500);
    assertThat(run("SELECT count() FROM " + table)).isEqualTo("0");
  }

  @Test
  void takesAndGivesGzip() throws IOException {
    String table = newTable("a UInt64, b Float64, s String", "MergeTree ORDER BY a");
    byte[] rows = InsertTest.binaryRows(100_000);
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(zipped)) {
      out.write(rows);
    }
    String insert = "query=" + encoded("INSERT INTO " + table + " FORMAT RowBinary");
    byte[] cut = Arrays.copyOf(zipped.toByteArray(), zipped.size() / 2);

    assertThat(post(insert, cut, "Content-Encoding", "gzip").statusCode()).isEqualTo(500);
    assertThat(run("SELECT count() FROM " + table)).isEqualTo("0");
    assertThat(post(insert, zipped.toByteArray(), "Content-Encoding", "gzip").body()).isEmpty();
    HttpResponse<byte[]> selected =
        send(
            request("enable_http_compression=1", "Accept-Encoding", "gzip")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "SELECT * FROM " + table + " ORDER BY a FORMAT RowBinary"))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());

    assertThat(header(selected, "Content-Encoding")).isEqualTo("gzip");
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(selected.body()))) {
      assertThat(in.readAllBytes()).isEqualTo(rows);
    }
    assertThat(post(insert, rows, "Content-Encoding", "br").statusCode()).isEqualTo(501);
  }

  private static boolean endsWithAFrame(byte[] frames, int length) {
    int at = 0;
    while (at < length) {
      at += 16 + ByteBuffer.wrap(frames).order(ByteOrder.LITTLE_ENDIAN).getInt(at + 17);
    }
    return at == length;
  }

  private static byte[] clientFrames(byte[] data) throws IOException {
    ByteArrayOutputStream framed = new ByteArrayOutputStream();
    try (OutputStream out = new ClickHouseLZ4OutputStream(framed, LZ4.fastCompressor(), 1 << 16)) {
      out.write(data);
    }
    return framed.toByteArray();
  }

  private static byte[] random(int length) {
    byte[] data = new byte[length];
    new Random(length).nextBytes(data);
    return data;
  }
}
