package dev.tributary.clickhouse.config;

import dev.tributary.common.config.Validators;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Where the server is, and how requests get there. */
final class ConnectionKeys {
  private ConnectionKeys() {}

  static void define(ConfigDef def) {
    KeyGroup keys = new KeyGroup(def, "Connection");
    keys.add(
        SinkConfig.HOSTNAME,
        ConfigDef.Type.STRING,
        ConfigDef.NO_DEFAULT_VALUE,
        Validators.parsedBy("host or host:port, several with commas", t -> Endpoint.parseAll(t, 1)),
        Importance.HIGH,
        Width.MEDIUM,
        "Host",
        "Host name or address of the ClickHouse server. Several, with commas between, each with a"
            + " port of its own if need be, are tried in turn when one does not answer; they must"
            + " be replicas of the same tables.");
    keys.add(
        SinkConfig.PORT,
        ConfigDef.Type.INT,
        8443,
        ConfigDef.Range.between(1, 65_535),
        Importance.HIGH,
        Width.SHORT,
        "Port",
        "Port of ClickHouse's HTTP interface: usually 8443 with TLS and 8123 without.");
    keys.add(
        SinkConfig.SSL,
        ConfigDef.Type.BOOLEAN,
        true,
        KeyGroup.ANY,
        Importance.HIGH,
        Width.SHORT,
        "TLS",
        "Whether to connect with TLS (https).");
    keys.add(
        SinkConfig.DATABASE,
        ConfigDef.Type.STRING,
        "default",
        Validators.parsedBy(TableNames.TEMPLATE, TableNames::checkTemplate),
        Importance.HIGH,
        Width.MEDIUM,
        "Database",
        "Database that holds the tables. It must exist. May be made of the topic's name like"
            + " 'table', such as ${schema}.");
    keys.add(
        SinkConfig.USERNAME,
        ConfigDef.Type.STRING,
        "default",
        Validators.notBlank(),
        Importance.HIGH,
        Width.MEDIUM,
        "User",
        "User to connect as. It needs INSERT and SELECT on the tables, SELECT on system.processes"
            + " for 'insert.guard', and CREATE TABLE and ALTER TABLE where tables are to be created"
            + " and evolved.");
    keys.add(
        SinkConfig.PASSWORD,
        ConfigDef.Type.PASSWORD,
        "",
        KeyGroup.ANY,
        Importance.HIGH,
        Width.MEDIUM,
        "Password",
        "The user's password.");
    keys.add(
        SinkConfig.TIMEOUT_SECONDS,
        ConfigDef.Type.INT,
        30,
        ConfigDef.Range.between(1, 3_600),
        Importance.LOW,
        Width.SHORT,
        "Timeout (s)",
        "Seconds without a byte taken or sent by the server after which a request counts as failed"
            + " and is tried again.");
    keys.add(
        SinkConfig.CLICKHOUSE_SETTINGS,
        ConfigDef.Type.STRING,
        "",
        Validators.parsedBy("name=value, name=value", TableNames::pairs),
        Importance.LOW,
        Width.LONG,
        "ClickHouse settings",
        "ClickHouse settings sent with every insert, such as 'insert_quorum=2'.");
    keys.add(
        SinkConfig.CONNECTION_PROPERTIES,
        ConfigDef.Type.STRING,
        "",
        Validators.parsedBy("?name=value&name=value", ConnectionProperties::parse),
        Importance.LOW,
        Width.LONG,
        "Connection properties",
        "Further properties of the connection, as they stand behind a JDBC address. Known:"
            + " socket_timeout and connect_timeout (ms), sslrootcert, sslcert, sslkey,"
            + " client_name, and clickhouse_setting_NAME. Others are left out, and told in the log.");
    keys.add(
        SinkConfig.PROXY_TYPE,
        "HTTP",
        List.of("HTTP", "IGNORE"),
        Importance.LOW,
        "Proxy type",
        "Kind of the proxy that 'proxyHost' names. IGNORE: it is not used.");
    keys.add(
        SinkConfig.PROXY_HOST,
        ConfigDef.Type.STRING,
        "",
        KeyGroup.ANY,
        Importance.LOW,
        Width.MEDIUM,
        "Proxy host",
        "Host of an HTTP proxy to reach ClickHouse through. Empty: none.");
    keys.add(
        SinkConfig.PROXY_PORT,
        ConfigDef.Type.INT,
        3128,
        ConfigDef.Range.between(-1, 65_535),
        Importance.LOW,
        Width.SHORT,
        "Proxy port",
        "Port of the proxy.");
    keys.add(
        SinkConfig.PROXY_USERNAME,
        ConfigDef.Type.STRING,
        "",
        KeyGroup.ANY,
        Importance.LOW,
        Width.MEDIUM,
        "Proxy user",
        "User at the proxy. Empty: none is asked for.");
    keys.add(
        SinkConfig.PROXY_PASSWORD,
        ConfigDef.Type.PASSWORD,
        "",
        KeyGroup.ANY,
        Importance.LOW,
        Width.MEDIUM,
        "Proxy password",
        "Password at the proxy.");
  }
}
