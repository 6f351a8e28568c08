/**
 * The run as data: its events, the state they add up to, and the step that comes next. {@link
 * dev.agentrunner.core.run.RunState} is the fold; {@link dev.agentrunner.core.run.RunEvent} lists
 * everything that can happen. Imports JDK values and other core packages only.
 */
@NullMarked
package dev.agentrunner.core.run;

import org.jspecify.annotations.NullMarked;
