package dev.tributary.demo.screen;

import dev.tributary.demo.load.LagProbe.Lag;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What there is to see at one moment.
 *
 * @param elapsed since the load started
 * @param changesPerSecond rows committed in Postgres, over the last moments
 * @param changes rows committed in Postgres so far
 * @param lag from commit to Redis, of the latest probes
 * @param users the most active users with what Redis holds of them
 * @param anomalies the latest anomalies in ClickHouse, newest first, one line each
 * @param anomalyCount how many anomalies ClickHouse holds
 * @param restUrl where the worker answers
 */
public record Snapshot(
    Duration elapsed,
    double changesPerSecond,
    long changes,
    Lag lag,
    Map<Long, Map<String, String>> users,
    List<String> anomalies,
    long anomalyCount,
    String restUrl) {}
