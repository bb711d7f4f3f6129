package dev.tributary.postgres.config;

import dev.tributary.common.config.Validators;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;

/** The slot and the publication. */
public final class ReplicationKeys {
  public static final String PLUGIN_NAME = "plugin.name";
  public static final String SLOT_NAME = "slot.name";
  public static final String SLOT_DROP_ON_STOP = "slot.drop.on.stop";
  public static final String SLOT_FAILOVER = "slot.failover";
  public static final String SLOT_MAX_RETRIES = "slot.max.retries";
  public static final String SLOT_RETRY_DELAY = "slot.retry.delay.ms";
  public static final String PUBLICATION_NAME = "publication.name";
  public static final String PUBLISH_VIA_ROOT = "publish.via.partition.root";
  public static final String PUBLICATION_AUTOCREATE = "publication.autocreate.mode";

  private ReplicationKeys() {}

  static void define(KeyDefinitions keys) {
    keys.group("Replication")
        .choice(
            PLUGIN_NAME,
            "pgoutput",
            List.of("pgoutput"),
            "Output plugin",
            "Logical decoding plugin. Only pgoutput, which every server has since version 10, is supported.")
        .key(
            SLOT_NAME,
            ConfigDef.Type.STRING,
            "tributary",
            KeyDefinitions.matching(
                "[a-z0-9_]{1,63}", "lower-case letters, digits and underscores, at most 63"),
            "Slot",
            "Replication slot; created where it is missing. Each connector needs one of its own.")
        .key(
            SLOT_DROP_ON_STOP,
            ConfigDef.Type.BOOLEAN,
            false,
            null,
            "Drop the slot on stop",
            "Drop the slot when the task stops. The changes made until the next start are lost then; for tests only.")
        .flag(
            SLOT_FAILOVER,
            false,
            "Failover slot",
            "Create the slot so that standbys with sync_replication_slots=on keep a copy of it, from which streaming goes on after a failover. Needs PostgreSQL 17 or later; older servers get an ordinary slot. Name the slot's standbys in synchronized_standby_slots, or changes may be delivered that the promoted standby has not.")
        .key(
            SLOT_MAX_RETRIES,
            ConfigDef.Type.INT,
            6,
            ConfigDef.Range.atLeast(0),
            "Attempts on a slot in use",
            "How often to try again when another session holds the slot.")
        .key(
            SLOT_RETRY_DELAY,
            ConfigDef.Type.LONG,
            10_000L,
            ConfigDef.Range.atLeast(1),
            "Delay between attempts on a slot in use",
            "Milliseconds between attempts when another session holds the slot.")
        .key(
            PUBLICATION_NAME,
            ConfigDef.Type.STRING,
            "tributary",
            Validators.notBlank(),
            "Publication",
            "Publication that names the captured tables.")
        .choice(
            PUBLICATION_AUTOCREATE,
            null,
            List.of("all_tables", "filtered", "no_tables", "disabled"),
            "Publication creation",
            "What to do where the publication is missing: all_tables makes one of all tables (needs superuser), filtered one of the captured tables (needs to own them) and adds tables that are captured later, no_tables an empty one, to which somebody has to add the captured tables before the start, disabled makes none. Default: filtered where table.include.list or schema.include.list is set, else all_tables.")
        .key(
            PUBLISH_VIA_ROOT,
            ConfigDef.Type.BOOLEAN,
            null,
            null,
            "Partitions as their root",
            "Whether the rows of partitions come under the name of the partitioned table, which is what table.include.list then names: of several captured tables one above the other, the topmost. If false, partitions are tables of their own. A publication that is made is made so; one that is there must agree. Default: what the publication that is there does, false where it is made.");
  }
}
