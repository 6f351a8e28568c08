/**
 * How long to hold back before the next call. Pure: time and chance are handed in. Imports JDK
 * values and other core packages.
 */
@NullMarked
package dev.agentrunner.core.limit;

import org.jspecify.annotations.NullMarked;
