/**
 * What git says of the folders that tasks work in, and checkpoints of these folders in a repository
 * of our own. No git program is run, and nothing is written to any repository of the user. Imports
 * {@code core}, {@code port}, the JDK and JGit.
 */
@NullMarked
package dev.agentrunner.adapter.git;

import org.jspecify.annotations.NullMarked;
