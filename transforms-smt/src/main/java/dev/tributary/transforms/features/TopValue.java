package dev.tributary.transforms.features;

/** One of the most frequent values, and how often it came. */
public record TopValue(Object value, long count) {}
