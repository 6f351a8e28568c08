/**
 * Kills the program wherever it hurts, as it is shipped and from outside, and looks at what it
 * leaves behind. {@link dev.agentrunner.crash.CrashHarness} is the program that does it; {@code
 * bench/crash/run.sh} starts it. Imports {@code core}, {@code json} and {@code testing}.
 */
@NullMarked
package dev.agentrunner.crash;

import org.jspecify.annotations.NullMarked;
