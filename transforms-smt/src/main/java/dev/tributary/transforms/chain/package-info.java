/**
 * What keeps transforms with state right: the stateful transforms of one task stand in one chain,
 * whose state is made from the topic itself after a start, a gap or a rewind.
 *
 * <p>A transform takes part by its {@link dev.tributary.transforms.chain.Stateful} logic, which it
 * gives to a {@link dev.tributary.transforms.chain.Membership}: what to do with a record, given the
 * partition's state. That is enough for restores.
 *
 * <p>Snapshots shorten them. A logic that implements {@link
 * dev.tributary.transforms.chain.Storable} as well takes part in these: it writes a state down and
 * reads it back, to the bit, and raises {@link dev.tributary.transforms.chain.Storable#format} with
 * every change to either. A chain with a member that does not has no snapshots, and is as right
 * without. Values of fields are written with {@link
 * dev.tributary.transforms.state.StateOutput#value}. A test that belongs to every one of them:
 * write a state down at random moments, go on with what was read back, and compare with one that
 * was never written down.
 */
package dev.tributary.transforms.chain;
