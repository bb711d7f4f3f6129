package dev.tributary.transforms;

import dev.tributary.transforms.features.FeatureState;
import org.apache.kafka.common.TopicPartition;

/** The features of one partition. */
record WindowState(TopicPartition partition, FeatureState features) {}
