package dev.tributary.clickhouse.insert;

import dev.tributary.clickhouse.client.Pending;

/** An insert that the server has not answered yet. */
record InFlight(Step.Insert insert, Pending pending, boolean guarded, long startedNanos) {}
