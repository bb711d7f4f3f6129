/** What a change event carries beside its row, and what an update has changed. */
package dev.tributary.transforms.change;
