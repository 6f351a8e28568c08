/**
 * The command line: picocli commands, views of a run for terminals and machines, exit codes.
 * Imports {@code core}, {@code port}, {@code json} and {@code engine}; what it needs beyond them it
 * asks of a {@link dev.agentrunner.cli.Workbench}.
 */
@NullMarked
package dev.agentrunner.cli;

import org.jspecify.annotations.NullMarked;
