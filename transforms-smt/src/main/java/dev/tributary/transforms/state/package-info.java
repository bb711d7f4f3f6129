/** How the states of transforms are written down and read back, exactly. */
package dev.tributary.transforms.state;
