/**
 * What is kept in files: the event log and what goes with it, and the folders that tasks work in.
 * Imports {@code core}, {@code port}, {@code json} and the JDK.
 */
@NullMarked
package dev.agentrunner.adapter.files;

import org.jspecify.annotations.NullMarked;
