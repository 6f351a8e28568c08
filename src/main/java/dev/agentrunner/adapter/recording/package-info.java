/**
 * Cassettes: what models answered, written down so that a run can be played again without them.
 * Imports {@code core}, {@code port} and Jackson.
 */
@NullMarked
package dev.agentrunner.adapter.recording;

import org.jspecify.annotations.NullMarked;
