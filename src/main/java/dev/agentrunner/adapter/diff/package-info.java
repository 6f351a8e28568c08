/**
 * Differences between two states of a file, found with java-diff-utils. Imports {@code core},
 * {@code port}, the JDK and that library.
 */
@NullMarked
package dev.agentrunner.adapter.diff;

import org.jspecify.annotations.NullMarked;
