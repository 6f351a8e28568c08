package dev.agentrunner.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;

/**
 * Where the server listens and for whom.
 *
 * @param address a name or number of this machine
 * @param port 0 for any that is free
 * @param names by which clients may call it beside its address, such as that of a proxy before it;
 *     with one, others than this machine reach it, wherever it listens
 * @param origins web pages that may use the API from browsers, such as {@code
 *     https://console.example}
 */
public record Listening(
    String address, int port, Set<String> names, Set<String> origins, Limits limits) {

  public static final int DEFAULT_PORT = 8484;

  public Listening {
    names = Set.copyOf(names);
    origins = Set.copyOf(origins);
  }

  /** On this machine, for this machine. */
  public static Listening locally(int port) {
    return new Listening("127.0.0.1", port, Set.of(), Set.of(), Limits.DEFAULT);
  }

  /** Whether nobody but this machine reaches it, through a proxy neither. */
  boolean isPrivate() {
    return isLoopback() && names.isEmpty();
  }

  /** Whether only this machine can connect to it. */
  boolean isLoopback() {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
