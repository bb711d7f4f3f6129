package dev.tributary.postgres.catalog;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The server's catalogue, as it is now. */
public interface Catalog {
  /** A table, if it still exists. */
  Optional<TableInfo> table(int oid) throws SQLException;

  /** The types with these OIDs, each with what it is made of. */
  Map<Integer, TypeInfo> types(List<Integer> oids) throws SQLException;
}
