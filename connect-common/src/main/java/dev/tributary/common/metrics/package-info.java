/** What a plugin shows of itself over JMX. */
package dev.tributary.common.metrics;
