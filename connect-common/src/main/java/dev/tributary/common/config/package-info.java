/** Helpers for declaring and validating configuration. */
package dev.tributary.common.config;
