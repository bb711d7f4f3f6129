package dev.tributary.transforms;

import dev.tributary.transforms.features.WindowCounts;
import org.apache.kafka.common.TopicPartition;

/** The counts of one partition. */
record WindowState(TopicPartition partition, WindowCounts counts) {}
