package dev.tributary.redis.config;

import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;

import dev.tributary.common.config.Validators;
import dev.tributary.redis.encode.JsonMode;
import dev.tributary.redis.encode.KeyTemplate;
import dev.tributary.redis.encode.ListEnd;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Width;

/** What each data type has to itself. */
public final class TypeKeys {
  public static final String VALUE = "redis.value";
  public static final String MEMBER = "redis.member";
  public static final String SCORE = "redis.score";
  public static final String LIST_PUSH = "redis.list.push";
  public static final String LIST_MAX_LENGTH = "redis.list.maxlen";
  public static final String STREAM_ID = "redis.stream.id";
  public static final String STREAM_MAX_LENGTH = "redis.stream.maxlen";
  public static final String STREAM_MAX_AGE = "redis.stream.maxage";
  public static final String STREAM_TRIM = "redis.stream.trim";
  public static final String JSON_MODE = "redis.json.mode";
  public static final String JSON_PATH = "redis.json.path";
  public static final String JSON_PATH_FIXED = "redis.json.path.fixed";
  public static final String TIMESERIES_TIMESTAMP = "redis.timeseries.timestamp";
  public static final String TIMESERIES_RETENTION = "redis.timeseries.retention";
  public static final String TIMESERIES_LABELS = "redis.timeseries.labels";
  public static final String PUBSUB_SHARDED = "redis.pubsub.sharded";

  private TypeKeys() {}

  static void define(KeyDefinitions keys) {
    keys.group("Types");
    keys.text(
        VALUE,
        "${value}",
        KeyDefinitions.template("a template such as ${value} or ${amount}"),
        MEDIUM,
        Width.LONG,
        "Value",
        "Template of a STRING, of a PUBSUB message, and of a TIMESERIES sample. ${value} is the"
            + " row as JSON, or the record's value itself where it is no object.");
    keys.text(
        MEMBER,
        "${key}",
        KeyDefinitions.template("a template such as ${key} or ${user_id}"),
        MEDIUM,
        Width.LONG,
        "Member",
        "Template of the member of a LIST, SET or ZSET.");
    keys.text(
        SCORE,
        "${value}",
        KeyDefinitions.template("a template such as ${score}"),
        MEDIUM,
        Width.MEDIUM,
        "Score",
        "Template of a ZSET member's score, which must be a number.");
    keys.choice(
        LIST_PUSH, ListEnd.RIGHT, LOW, "List end", "The end of a LIST that members are pushed at.");
    length(
        keys,
        LIST_MAX_LENGTH,
        "List length",
        "How many members a LIST keeps, those pushed last. 0: all.");
    keys.text(
        STREAM_ID,
        "*",
        KeyDefinitions.template("a template such as * or ${ts_ms}-*"),
        LOW,
        Width.MEDIUM,
        "Entry ID",
        "Template of the ID of a STREAM's entries. IDs must rise; * has the server make them.");
    length(
        keys,
        STREAM_MAX_LENGTH,
        "Stream length",
        "How many entries a STREAM keeps (MAXLEN). 0: all.");
    keys.text(
        STREAM_MAX_AGE,
        "",
        SecondsOrDuration.orNone(),
        LOW,
        Width.SHORT,
        "Stream age",
        "How long a STREAM keeps its entries, by the time in their IDs (MINID); in seconds or as a"
            + " duration. Not together with redis.stream.maxlen. Empty: for ever.");
    keys.choice(
        STREAM_TRIM,
        StreamTrimming.APPROXIMATE,
        LOW,
        "Stream trimming",
        "Whether streams are trimmed to the entry, or by whole nodes, which costs the server much"
            + " less.");
    keys.choice(
        JSON_MODE,
        JsonMode.SET,
        MEDIUM,
        "JSON mode",
        "What a record does to a document. set: it replaces what is at the path. merge: members that"
            + " it does not have stay, and a null takes one away (JSON.MERGE).");
    keys.text(
        JSON_PATH,
        "",
        null,
        LOW,
        Width.MEDIUM,
        "JSON path's header",
        "The header of the record that says the path in the document.");
    keys.text(
        JSON_PATH_FIXED,
        "$",
        Validators.notBlank(),
        LOW,
        Width.MEDIUM,
        "JSON path",
        "The path in the document where no header says it.");
    keys.text(
        TIMESERIES_TIMESTAMP,
        "${key}",
        KeyDefinitions.template("a template such as ${ts_ms}"),
        MEDIUM,
        Width.MEDIUM,
        "Sample time",
        "Template of a TIMESERIES sample's time: milliseconds since 1970-01-01 UTC, or ISO 8601.");
    keys.text(
        TIMESERIES_RETENTION,
        "",
        SecondsOrDuration.orNone(),
        LOW,
        Width.SHORT,
        "Series retention",
        "How long a TIMESERIES that the sink makes keeps its samples. Empty: for ever.");
    keys.list(
        TIMESERIES_LABELS,
        KeyDefinitions.pairs("name=template", text -> KeyTemplate.parse(text, "")),
        LOW,
        "Series labels",
        "Labels of a TIMESERIES that the sink makes, as name=template: sensor=${sensor_id}.");
    keys.bool(
        PUBSUB_SHARDED,
        false,
        LOW,
        "Sharded channels",
        "Whether PUBSUB writes to sharded channels (SPUBLISH, Redis 7 and later).");
  }

  private static void length(KeyDefinitions keys, String key, String displayName, String doc) {
    keys.define(
        key,
        ConfigDef.Type.LONG,
        0L,
        ConfigDef.Range.between(0, Long.MAX_VALUE),
        MEDIUM,
        Width.SHORT,
        displayName,
        doc,
        List.of());
  }
}
