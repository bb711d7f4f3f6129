package dev.tributary.clickhouse.config;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/** How the two ends know each other. */
final class SecurityKeys {
  private SecurityKeys() {}

  static void define(ConfigDef def) {
    KeyGroup keys = new KeyGroup(def, "Security");
    keys.add(
        SinkConfig.ACCESS_TOKEN,
        ConfigDef.Type.PASSWORD,
        "",
        KeyGroup.ANY,
        Importance.MEDIUM,
        Width.MEDIUM,
        "Access token",
        "Token (JWT) that is sent in place of user and password.");
    keys.add(
        SinkConfig.TRUSTSTORE,
        ConfigDef.Type.STRING,
        "",
        KeyGroup.ANY,
        Importance.MEDIUM,
        Width.LONG,
        "Trust store",
        "File with the certificates to trust. Empty: those that Java trusts.");
    keys.add(
        SinkConfig.TRUSTSTORE_PASSWORD,
        ConfigDef.Type.PASSWORD,
        "",
        KeyGroup.ANY,
        Importance.MEDIUM,
        Width.MEDIUM,
        "Trust store password",
        "Password of the trust store.");
    keys.add(
        SinkConfig.TRUSTSTORE_TYPE,
        ConfigDef.Type.STRING,
        "PKCS12",
        KeyGroup.ANY,
        Importance.LOW,
        Width.SHORT,
        "Trust store type",
        "Format of the trust store: PKCS12 or JKS.");
    keys.add(
        SinkConfig.CA_CERTIFICATE,
        ConfigDef.Type.STRING,
        "",
        KeyGroup.ANY,
        Importance.MEDIUM,
        Width.LONG,
        "CA certificate",
        "PEM file with the certificate of the authority that signed the server's, in place of a"
            + " trust store.");
    keys.add(
        SinkConfig.CLIENT_CERTIFICATE,
        ConfigDef.Type.STRING,
        "",
        KeyGroup.ANY,
        Importance.LOW,
        Width.LONG,
        "Client certificate",
        "PEM file with the certificate that the connector shows to the server.");
    keys.add(
        SinkConfig.CLIENT_KEY,
        ConfigDef.Type.STRING,
        "",
        KeyGroup.ANY,
        Importance.LOW,
        Width.LONG,
        "Client key",
        "PEM file with the key of the client certificate.");
  }
}
