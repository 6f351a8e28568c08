package dev.agentrunner.adapter.yaml;

/** Where a value, or a fault, comes from. */
public sealed interface Origin {

  /** As shown to people: {@code tasks.yml:14}, {@code env AGENT_RUNNER_MODEL}, {@code default}. */
  String shown();

  /**
   * A place in a file.
   *
   * @param line from 1
   * @param column from 1, in Unicode characters
   * @param width how many characters of the line are meant; at least 1
   */
  record InFile(Source source, int line, int column, int width) implements Origin {

    public String file() {
      return source.name();
    }

    @Override
    public String shown() {
      return Printable.of(file()) + ":" + line;
    }

    InFile wide(int characters) {
      return new InFile(source, line, column, Math.max(1, characters));
    }
  }

  /** A file as a whole, or one that could not be read as text. */
  record WholeFile(String file) implements Origin {

    @Override
    public String shown() {
      return Printable.of(file);
    }
  }

  /** An environment variable. */
  record Variable(String name) implements Origin {

    @Override
    public String shown() {
      return "env " + Printable.of(name);
    }
  }

  /** An option of the command line, such as {@code --provider}. */
  record Option(String name) implements Origin {

    @Override
    public String shown() {
      return "flag " + Printable.of(name);
    }
  }

  /** Built in. */
  record Default() implements Origin {

    @Override
    public String shown() {
      return "default";
    }
  }
}
