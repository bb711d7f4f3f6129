package dev.tributary.transforms;

import dev.tributary.transforms.sequence.Sequences;
import org.apache.kafka.common.TopicPartition;

/** The sequences of one partition. */
record SequenceState(TopicPartition partition, Sequences sequences) {}
