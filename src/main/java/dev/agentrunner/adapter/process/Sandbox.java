package dev.agentrunner.adapter.process;

/** What confined commands are held by on this machine. */
public sealed interface Sandbox {

  /** In words, for people. */
  String shown();

  /**
   * Namespaces of their own: the whole promise.
   *
   * @param program an absolute path
   * @param version such as {@code 0.8.0}
   * @param nestingOff whether it can keep a command from making namespaces of its own
   */
  record Bubblewrap(String program, String version, boolean nestingOff) implements Sandbox {

    @Override
    public String shown() {
      return "bubblewrap " + version + " (" + program + ")";
    }
  }

  /**
   * Rules of the kernel on files and TCP: part of the promise.
   *
   * @param abi the version of the kernel's interface
   */
  record Landlock(int abi) implements Sandbox {

    @Override
    public String shown() {
      return "Landlock, version " + abi;
    }
  }

  /** Not wanted: confined commands are not held. */
  record Off() implements Sandbox {

    @Override
    public String shown() {
      return "off: commands are not confined";
    }
  }

  /** Wanted and not to be had: confined commands are not started. */
  record Missing(String why) implements Sandbox {

    @Override
    public String shown() {
      return "none: " + why;
    }
  }
}
