package dev.tributary.stack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A key and the certificate that it signed itself, for 127.0.0.1 and localhost, in the forms that
 * programs want them in.
 */
public final class SelfSignedCertificate {
  /** Of every store. */
  public static final String PASSWORD = "changeit";

  private final Path folder;
  private final String name;

  private SelfSignedCertificate(Path folder, String name) {
    this.folder = folder;
    this.name = name;
  }

  /**
   * Makes them with the JDK's keytool.
   *
   * @param folder where the files are written
   * @param name of the files, and the certificate's common name
   * @throws StackException when keytool fails
   */
  public static SelfSignedCertificate make(Path folder, String name) {
    SelfSignedCertificate made = new SelfSignedCertificate(folder, name);
    made.keytool(
        "-genkeypair",
        "-alias",
        name,
        "-keyalg",
        "RSA",
        "-keysize",
        "2048",
        "-validity",
        "30",
        "-dname",
        "CN=" + name,
        "-ext",
        "SAN=IP:127.0.0.1,DNS:localhost",
        "-ext",
        "BC=ca:true");
    made.keytool("-exportcert", "-rfc", "-alias", name, "-file", made.certificate().toString());
    return made;
  }

  private void keytool(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    command.addAll(List.of(arguments));
    command.addAll(
        List.of("-storetype", "PKCS12", "-keystore", store().toString(), "-storepass", PASSWORD));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve(name + ".log").toFile())
              .start();
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new StackException("keytool failed, see " + folder.resolve(name + ".log"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Key and certificate, as PKCS12. */
  public Path store() {
    return folder.resolve(name + ".p12");
  }

  /** The certificate, as PEM. */
  public Path certificate() {
    return folder.resolve(name + ".crt");
  }

  /** A store of the certificate alone, which trusts it. */
  public Path trustStore() throws IOException, GeneralSecurityException {
    KeyStore trusting = KeyStore.getInstance("PKCS12");
    trusting.load(null, null);
    trusting.setCertificateEntry(name, keys().getCertificate(name));
    Path file = folder.resolve(name + "-trust.p12");
    try (var out = Files.newOutputStream(file)) {
      trusting.store(out, PASSWORD.toCharArray());
    }
    return file;
  }

  /** The key, as PEM. */
  public Path key() throws IOException, GeneralSecurityException {
    byte[] key = keys().getKey(name, PASSWORD.toCharArray()).getEncoded();
    return Files.writeString(
        folder.resolve(name + ".key"),
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
            + "\n-----END PRIVATE KEY-----\n");
  }

  private KeyStore keys() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store())) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  /** What a server shows itself with that trusts another's certificate. */
  public SSLContext context(SelfSignedCertificate trusted)
      throws IOException, GeneralSecurityException {
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys(), PASSWORD.toCharArray());
    KeyStore trusting = KeyStore.getInstance("PKCS12");
    trusting.load(null, null);
    trusting.setCertificateEntry("trusted", trusted.keys().getCertificate(trusted.name));
    TrustManagerFactory others =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    others.init(trusting);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), others.getTrustManagers(), null);
    return context;
  }
}
