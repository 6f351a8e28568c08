package dev.agentrunner.server;

import java.util.List;

/** Things of one kind, with all that can be done with them. */
interface Resource {
  List<Route> routes();
}
