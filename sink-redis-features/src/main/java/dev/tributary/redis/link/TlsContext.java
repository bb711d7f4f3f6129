package dev.tributary.redis.link;

import dev.tributary.redis.config.TlsSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.apache.kafka.common.config.types.Password;

/** TLS from PEM files (RFC 7468) and Java key stores. */
public final class TlsContext {
  private static final Pattern PRIVATE_KEY =
      Pattern.compile("-----BEGIN (ENCRYPTED )?PRIVATE KEY-----([^-]*)-----END");

  private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "Ed25519", "Ed448");

  private TlsContext() {}

  /**
   * Reads what the settings name.
   *
   * @throws IllegalArgumentException if a file is missing or not what it should be; the message
   *     says which
   */
  public static SSLContext of(TlsSettings settings) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(settings), trust(settings), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  private static KeyManager[] keys(TlsSettings settings) throws GeneralSecurityException {
    KeyStore store;
    char[] password = chars(settings.keyPassword());
    if (settings.certificate().isPresent()) {
      Collection<? extends Certificate> chain = certificates(settings.certificate().get());
      PrivateKey key = privateKey(settings.key().orElseThrow(), settings.keyPassword());
      store = emptyStore();
      store.setKeyEntry("client", key, password, chain.toArray(Certificate[]::new));
    } else if (settings.keyStore().file().isPresent()) {
      store = store(settings.keyStore());
      password = password.length > 0 ? password : chars(settings.keyStore().password());
    } else {
      return null;
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, password);
    return factory.getKeyManagers();
  }

  private static TrustManager[] trust(TlsSettings settings) throws GeneralSecurityException {
    if (!settings.verify()) {
      return new TrustManager[] {new TrustsAll()};
    }
    KeyStore store = null;
    if (settings.caCertificate().isPresent()) {
      store = emptyStore();
      int number = 0;
      for (Certificate certificate : certificates(settings.caCertificate().get())) {
        store.setCertificateEntry("ca-" + number++, certificate);
      }
    } else if (settings.trustStore().file().isPresent()) {
      store = store(settings.trustStore());
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      return store;
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
  }

  private static KeyStore store(TlsSettings.Store settings) throws GeneralSecurityException {
    String file = settings.file().orElseThrow();
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      KeyStore store = KeyStore.getInstance(settings.type());
      store.load(in, chars(settings.password()));
      return store;
    } catch (IOException e) {
      throw unreadable(file, Optional.of(e));
    }
  }

  private static Collection<? extends Certificate> certificates(String file)
      throws GeneralSecurityException {
    try (InputStream in = new ByteArrayInputStream(Files.readAllBytes(Path.of(file)))) {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (found.isEmpty()) {
        throw new IllegalArgumentException("'" + file + "' holds no certificate in PEM form");
      }
      return found;
    } catch (IOException e) {
      throw unreadable(file, Optional.of(e));
    }
  }

  private static PrivateKey privateKey(String file, Password password)
      throws GeneralSecurityException {
    String text;
    try {
      text = Files.readString(Path.of(file), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw unreadable(file, Optional.of(e));
    }
    Matcher pem = PRIVATE_KEY.matcher(text);
    if (!pem.find()) {
      throw new IllegalArgumentException(
          "'"
              + file
              + "' holds no private key in PKCS#8 (BEGIN PRIVATE KEY); convert it with"
              + " openssl pkcs8 -topk8");
    }
    byte[] bytes = Base64.getMimeDecoder().decode(pem.group(2));
    PKCS8EncodedKeySpec spec =
        pem.group(1) == null ? new PKCS8EncodedKeySpec(bytes) : decrypted(bytes, password);
    for (String algorithm : KEY_ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException e) {
        // of another algorithm, perhaps the next
      }
    }
    throw unreadable(file, Optional.empty());
  }

  private static PKCS8EncodedKeySpec decrypted(byte[] bytes, Password password)
      throws GeneralSecurityException {
    try {
      EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(bytes);
      String scheme =
          info.getAlgName().equals("PBES2") || info.getAlgName().startsWith("1.2.840.113549.1.5.13")
              ? info.getAlgParameters().toString()
              : info.getAlgName();
      Cipher cipher = Cipher.getInstance(scheme);
      cipher.init(
          Cipher.DECRYPT_MODE,
          SecretKeyFactory.getInstance(scheme).generateSecret(new PBEKeySpec(chars(password))),
          info.getAlgParameters());
      return info.getKeySpec(cipher);
    } catch (IOException e) {
      throw new GeneralSecurityException("the private key is not encrypted as PKCS#8 has it", e);
    }
  }

  private static IllegalArgumentException unreadable(String file, Optional<Exception> cause) {
    return new IllegalArgumentException(
        "'" + file + "' cannot be read" + cause.map(e -> ": " + e).orElse(""), cause.orElse(null));
  }

  private static char[] chars(Password password) {
    return password.value() == null ? new char[0] : password.value().toCharArray();
  }

  /** Takes any certificate, for those who ask for it. */
  private static final class TrustsAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
