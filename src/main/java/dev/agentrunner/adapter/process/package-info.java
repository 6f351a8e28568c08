/**
 * Runs hooks and commands: time limit, output cap, the whole process tree ended. Imports core, port
 * and JDK values only.
 */
@NullMarked
package dev.agentrunner.adapter.process;

import org.jspecify.annotations.NullMarked;
