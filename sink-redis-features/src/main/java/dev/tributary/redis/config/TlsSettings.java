package dev.tributary.redis.config;

import java.util.Optional;
import org.apache.kafka.common.config.types.Password;

/**
 * How TLS connections check who is there, and show who they are. PEM files and Java key stores can
 * be mixed.
 *
 * @param verify whether the certificate must be of a known authority
 * @param verifyHost whether it must be of the host that was asked for
 * @param caCertificate a PEM file of authorities, in place of the trust store
 * @param trustStore authorities; empty for the JVM's own
 * @param certificate a PEM file with our certificate and its chain
 * @param key a PEM file with its private key in PKCS#8
 * @param keyPassword of the private key; empty for none
 * @param keyStore our certificate and its key
 */
public record TlsSettings(
    boolean verify,
    boolean verifyHost,
    Optional<String> caCertificate,
    Store trustStore,
    Optional<String> certificate,
    Optional<String> key,
    Password keyPassword,
    Store keyStore) {

  /** Reads them. */
  static TlsSettings of(RedisSinkConfig config) {
    return new TlsSettings(
        !config.getBoolean(TlsKeys.INSECURE),
        config.getBoolean(TlsKeys.TLS_VERIFY_HOST),
        config.set(TlsKeys.CA_CERTIFICATE),
        new Store(
            config.set(TlsKeys.TRUST_STORE),
            config.getPassword(TlsKeys.TRUST_STORE_PASSWORD),
            config.getString(TlsKeys.TRUST_STORE_TYPE)),
        config.set(TlsKeys.CERTIFICATE),
        config.set(TlsKeys.KEY_FILE),
        config.getPassword(TlsKeys.KEY_PASSWORD),
        new Store(
            config.set(TlsKeys.KEY_STORE),
            config.getPassword(TlsKeys.KEY_STORE_PASSWORD),
            config.getString(TlsKeys.KEY_STORE_TYPE)));
  }

  /**
   * A Java key store.
   *
   * @param type such as PKCS12 or JKS
   */
  public record Store(Optional<String> file, Password password, String type) {}
}
