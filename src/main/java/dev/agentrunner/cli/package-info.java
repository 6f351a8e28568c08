/**
 * The command line: commands, what the terminal shows of a run, exit codes. Sees core, port, json
 * and engine.
 */
@NullMarked
package dev.agentrunner.cli;

import org.jspecify.annotations.NullMarked;
