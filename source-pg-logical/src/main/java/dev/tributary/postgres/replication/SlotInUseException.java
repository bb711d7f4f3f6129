package dev.tributary.postgres.replication;

import java.sql.SQLException;

/** Another session streams from the slot. */
public final class SlotInUseException extends SQLException {
  private static final long serialVersionUID = 1L;

  public SlotInUseException(String slot, int pid) {
    super("slot '" + slot + "' is in use by the session with pid " + pid, "55006");
  }
}
