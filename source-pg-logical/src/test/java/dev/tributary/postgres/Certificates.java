package dev.tributary.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** An authority made for a test, and certificates that it signs; by the JDK's keytool. */
final class Certificates {
  private static final String PASSWORD = "changeit";

  private final Path folder;
  private final String authority;

  /**
   * A certificate and its key.
   *
   * @param certificate in PEM
   * @param key in PKCS #8
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Signed(String certificate, byte[] key) {
    String keyInPem() {
      return "-----BEGIN PRIVATE KEY-----\n"
          + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
          + "\n-----END PRIVATE KEY-----\n";
    }
  }

  Certificates(Path folder, String authority) throws IOException, InterruptedException {
    this.folder = folder;
    this.authority = authority;
    generate(authority, "bc:c");
  }

  /** The authority's own certificate, in PEM. */
  String root() throws IOException, InterruptedException {
    return keytool("-exportcert", "-rfc", "-alias", authority, "-keystore", store(authority));
  }

  Signed sign(String name, String extension)
      throws IOException, InterruptedException, GeneralSecurityException {
    generate(name, extension);
    Path request = folder.resolve(name + ".csr");
    keytool("-certreq", "-alias", name, "-keystore", store(name), "-file", request.toString());
    String certificate =
        keytool(
            "-gencert",
            "-rfc",
            "-alias",
            authority,
            "-keystore",
            store(authority),
            "-ext",
            extension,
            "-infile",
            request.toString());
    return new Signed(certificate, key(name).getEncoded());
  }

  private void generate(String name, String extension) throws IOException, InterruptedException {
    keytool(
        "-genkeypair",
        "-keyalg",
        "EC",
        "-alias",
        name,
        "-dname",
        "CN=" + name,
        "-validity",
        "30",
        "-ext",
        extension,
        "-keystore",
        store(name));
  }

  private String store(String name) {
    return folder.resolve(name + ".p12").toString();
  }

  private Key key(String name) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(Path.of(store(name)))) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store.getKey(name, PASSWORD.toCharArray());
  }

  private static String keytool(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("keytool " + arguments[0] + " failed: " + output);
    }
    return output;
  }
}
