/** Differences between texts, for people. Imports JDK values and java-diff-utils. */
@NullMarked
package dev.agentrunner.adapter.diff;

import org.jspecify.annotations.NullMarked;
