/**
 * What git says of the folders that tasks work in, read with JGit: no git program is run, and
 * nothing is written. Imports {@code core}, {@code port}, the JDK and JGit.
 */
@NullMarked
package dev.agentrunner.adapter.git;

import org.jspecify.annotations.NullMarked;
