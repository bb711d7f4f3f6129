/** What the demo shows while it runs. */
package dev.tributary.demo.screen;
