/**
 * What keeps transforms with state right: the stateful transforms of one task stand in one chain,
 * whose state is made from the topic itself after a start, a gap or a rewind.
 */
package dev.tributary.transforms.chain;
