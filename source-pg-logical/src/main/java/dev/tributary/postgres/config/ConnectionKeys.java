package dev.tributary.postgres.config;

import dev.tributary.common.config.Validators;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;

/** Where the database is and how to log in. */
public final class ConnectionKeys {
  public static final String HOSTNAME = "database.hostname";
  public static final String PORT = "database.port";
  public static final String USER = "database.user";
  public static final String PASSWORD = "database.password";
  public static final String DBNAME = "database.dbname";
  public static final String SSL_MODE = "database.sslmode";
  public static final String SSL_ROOT_CERT = "database.sslrootcert";
  public static final String SSL_CERT = "database.sslcert";
  public static final String SSL_KEY = "database.sslkey";
  public static final String SSL_PASSWORD = "database.sslpassword";

  private static final int DEFAULT_PORT = 5432;

  private ConnectionKeys() {}

  static void define(KeyDefinitions keys) {
    keys.group("Connection")
        .key(
            HOSTNAME,
            ConfigDef.Type.STRING,
            ConfigDef.NO_DEFAULT_VALUE,
            Validators.of(
                "host names or addresses, with or without :port, separated by commas",
                (name, value) -> {
                  if (value != null) {
                    ServerAddress.parseAll(name, value.toString(), DEFAULT_PORT);
                  }
                }),
            "Host name",
            "Host name or address of the Postgres server. Several, separated by commas and each with a :port of its own where it differs (db1,db2:5433), for a primary and its standbys: the connector goes to the one that takes changes, and to another one when that is promoted.")
        .key(
            PORT,
            ConfigDef.Type.INT,
            DEFAULT_PORT,
            ConfigDef.Range.between(1, 65535),
            "Port",
            "Port of the server, or of those servers that have none in database.hostname.")
        .required(
            USER,
            "User",
            "Role to log in as. Needs LOGIN, REPLICATION and SELECT on the captured tables.")
        .key(PASSWORD, ConfigDef.Type.PASSWORD, "", null, "Password", "Password of the role.")
        .required(DBNAME, "Database", "Database whose changes are captured.")
        .choice(
            SSL_MODE,
            "prefer",
            List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
            "TLS mode",
            "Whether the connections are encrypted and the server's certificate is verified.")
        .key(
            SSL_ROOT_CERT,
            ConfigDef.Type.STRING,
            null,
            null,
            "Root certificate",
            "File with the certificates of the authorities that may have signed the server's certificate.")
        .key(
            SSL_CERT,
            ConfigDef.Type.STRING,
            null,
            null,
            "Client certificate",
            "File with the client's certificate, in PEM.")
        .key(
            SSL_KEY,
            ConfigDef.Type.STRING,
            null,
            null,
            "Client key",
            "File with the client's private key, in PKCS #8 (DER), which nobody but its owner may read.")
        .key(
            SSL_PASSWORD,
            ConfigDef.Type.PASSWORD,
            null,
            null,
            "Client key password",
            "Password of the client's private key.");
  }
}
