package dev.tributary.bench.result;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What a process, with those it has started, used during a round.
 *
 * @param cpuSeconds user and system time of all its threads
 * @param peakRssBytes the most memory that its largest process had resident; null where the system
 *     does not tell
 * @param gcSeconds how long garbage collections stopped it; null where it is no JVM, or not known
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProcessUsage(double cpuSeconds, Long peakRssBytes, Double gcSeconds) {}
