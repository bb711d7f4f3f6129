/**
 * What declarations of features and patterns have in common: how their text is cut into tokens, and
 * conditions over the fields of an event.
 */
package dev.tributary.transforms.language;
