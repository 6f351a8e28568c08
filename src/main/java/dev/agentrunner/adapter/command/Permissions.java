package dev.agentrunner.adapter.command;

/** What an agent may do without asking; nobody is there to be asked. */
enum Permissions {
  /** Read and change files of its folder. */
  EDIT,
  /** Run commands too, in its own sandbox where it has one. */
  RUN,
  /** Anything at all; for containers. */
  ALL
}
