package dev.tributary.redis.config;

import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;

import dev.tributary.common.config.Validators;
import org.apache.kafka.common.config.ConfigDef.Width;

/** How connections are encrypted, and who is believed. */
public final class TlsKeys {
  public static final String TLS = "redis.tls.enabled";
  public static final String TLS_VERIFY_HOST = "redis.tls.verify.host";
  public static final String INSECURE = "redis.insecure";
  public static final String CA_CERTIFICATE = "redis.cacert";
  public static final String CERTIFICATE = "redis.key.cert";
  public static final String KEY_FILE = "redis.key.file";
  public static final String KEY_PASSWORD = "redis.key.password";
  public static final String TRUST_STORE = "redis.tls.truststore";
  public static final String TRUST_STORE_PASSWORD = "redis.tls.truststore.password";
  public static final String TRUST_STORE_TYPE = "redis.tls.truststore.type";
  public static final String KEY_STORE = "redis.tls.keystore";
  public static final String KEY_STORE_PASSWORD = "redis.tls.keystore.password";
  public static final String KEY_STORE_TYPE = "redis.tls.keystore.type";

  private TlsKeys() {}

  static void define(KeyDefinitions keys) {
    keys.group("TLS");
    keys.bool(
        TLS,
        false,
        MEDIUM,
        "TLS",
        "Whether to connect with TLS; rediss:// in redis.uri says so too. Also called redis.tls.");
    keys.bool(
        TLS_VERIFY_HOST,
        true,
        LOW,
        "Check the host name",
        "Whether the server's certificate must be of the host that was asked for.");
    keys.bool(
        INSECURE,
        false,
        LOW,
        "Take any certificate",
        "Whether to take any certificate of the server. Whoever can get in between reads and"
            + " changes everything then.");
    file(
        keys,
        CA_CERTIFICATE,
        "CA certificates",
        "A PEM file with the certificates of the authorities to trust. Empty: the trust store's.");
    file(
        keys,
        CERTIFICATE,
        "Client certificate",
        "A PEM file with the certificate (and its chain) to show to the server (mTLS).");
    file(
        keys,
        KEY_FILE,
        "Client key",
        "A PEM file with the private key of redis.key.cert, in PKCS#8.");
    keys.password(
        KEY_PASSWORD,
        LOW,
        "Client key's password",
        "The password of the private key. Empty for none.");
    file(
        keys,
        TRUST_STORE,
        "Trust store",
        "A Java key store with the certificates of the authorities to trust. Empty: the JVM's.");
    keys.password(
        TRUST_STORE_PASSWORD, LOW, "Trust store's password", "The password of the trust store.");
    keys.text(
        TRUST_STORE_TYPE,
        "PKCS12",
        Validators.notBlank(),
        LOW,
        Width.SHORT,
        "Trust store's type",
        "The type of the trust store, such as PKCS12 or JKS.");
    file(
        keys,
        KEY_STORE,
        "Key store",
        "A Java key store with the certificate and key to show to the server (mTLS).");
    keys.password(
        KEY_STORE_PASSWORD, LOW, "Key store's password", "The password of the key store.");
    keys.text(
        KEY_STORE_TYPE,
        "PKCS12",
        Validators.notBlank(),
        LOW,
        Width.SHORT,
        "Key store's type",
        "The type of the key store, such as PKCS12 or JKS.");
  }

  private static void file(KeyDefinitions keys, String key, String displayName, String doc) {
    keys.text(key, "", null, LOW, Width.LONG, displayName, doc);
  }
}
