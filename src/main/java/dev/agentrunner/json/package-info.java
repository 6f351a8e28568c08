/**
 * Core types to and from JSON: the one place that knows field names. Written and read by hand over
 * Jackson's streams, without reflection. Imports {@code core} and Jackson's streaming part.
 */
@NullMarked
package dev.agentrunner.json;

import org.jspecify.annotations.NullMarked;
