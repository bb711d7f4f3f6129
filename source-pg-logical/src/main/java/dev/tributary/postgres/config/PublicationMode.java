package dev.tributary.postgres.config;

/** What publication is made where there is none. */
public enum PublicationMode {
  /** One of all tables. */
  ALL_TABLES,
  /** One of the tables that are captured. */
  FILTERED,
  /** One of no table, for somebody to add tables to. */
  NO_TABLES,
  /** None. */
  DISABLED
}
