package dev.agentrunner.adapter.git;

import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/**
 * A machine on which nobody has configured git. JGit otherwise runs the git program to find the
 * system's configuration, and measures for some hundred milliseconds how fine the clock of a file
 * system is, to note it in the user's home.
 */
final class LoneSystem extends SystemReader.Delegate {

  private final StoredConfig config = new NoConfig();

  LoneSystem() {
    super(SystemReader.getInstance());
  }

  /** The system that JGit sees from here on. */
  static void install() {
    if (!(SystemReader.getInstance() instanceof LoneSystem)) {
      SystemReader.setInstance(new LoneSystem());
    }
  }

  /** Variables such as {@code GIT_SSH} and {@code GIT_DIR} name programs and other places. */
  @Override
  public @Nullable String getenv(String variable) {
    return variable.startsWith("GIT_") ? null : super.getenv(variable);
  }

  @Override
  public StoredConfig getUserConfig() {
    return config;
  }

  @Override
  public StoredConfig getJGitConfig() {
    return config;
  }

  @Override
  public StoredConfig getSystemConfig() {
    return config;
  }

  /** Has an answer to one question only. */
  private static final class NoConfig extends StoredConfig {

    /** A tick of a slow kernel, by which Linux stamps files. */
    private static final long CLOCK_MILLIS = 10;

    @Override
    public long getTimeUnit(
        String section, String subsection, String name, long otherwise, TimeUnit wanted) {
      return section.equals("filesystem") && name.equals("timestampResolution")
          ? wanted.convert(CLOCK_MILLIS, TimeUnit.MILLISECONDS)
          : otherwise;
    }

    @Override
    public void load() {}

    @Override
    public void save() {}
  }
}
