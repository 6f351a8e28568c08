/**
 * A run for somebody who was not there: what each task came to, what it cost, where it stands and
 * why. Made of the log's events and nothing else. Imports JDK values and other core packages only.
 */
@NullMarked
package dev.agentrunner.core.report;

import org.jspecify.annotations.NullMarked;
