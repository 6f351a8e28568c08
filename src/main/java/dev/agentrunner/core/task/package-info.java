/**
 * What the user asked for, already read and checked: tasks, hooks, settings. Values only; where
 * they were written and what was wrong with them is {@code adapter.yaml}'s business. Imports JDK
 * values and {@code core.policy}.
 */
@NullMarked
package dev.agentrunner.core.task;

import org.jspecify.annotations.NullMarked;
