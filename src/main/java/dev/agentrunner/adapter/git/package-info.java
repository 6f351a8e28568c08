/**
 * Git for the folders that tasks work in, through JGit: status, differences, log, branches,
 * commits, clones and pushes, without ever running what a repository names; and checkpoints of
 * these folders in a repository of our own. Imports {@code core}, {@code port}, {@code
 * adapter.http}, the JDK, JGit and, for connections, OkHttp.
 */
@NullMarked
package dev.agentrunner.adapter.git;

import org.jspecify.annotations.NullMarked;
