package dev.agentrunner.adapter.git;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/**
 * A repository that has only those settings that say how its files are to be read and who it knows.
 * All others are gone whenever they are asked for: filters, hooks, monitors, proxies, cookies,
 * programs at the other end, other addresses. What it holds in memory is never saved.
 */
final class InertRepository extends FileRepository {

  private static final Map<String, Set<String>> KEPT =
      Map.of(
          "core",
              Set.of(
                  "repositoryformatversion",
                  "filemode",
                  "bare",
                  "symlinks",
                  "ignorecase",
                  "precomposeunicode",
                  "autocrlf",
                  "eol",
                  "logallrefupdates"),
          "extensions", Set.of("objectformat", "refstorage", "worktreeconfig"),
          "remote", Set.of("url", "pushurl", "fetch", "pushdefault"),
          "branch", Set.of("remote", "pushremote", "merge"),
          "user", Set.of("name", "email"));

  private InertRepository(FileRepositoryBuilder builder) throws IOException {
    super(builder);
  }

  static InertRepository open(Located located) throws IOException {
    LoneSystem.install();
    FileRepositoryBuilder builder =
        new FileRepositoryBuilder()
            .setFS(new StillFiles())
            .setGitDir(located.gitFolder().toFile())
            .setWorkTree(located.tree().toFile())
            .setMustExist(true);
    return new InertRepository(builder.setup());
  }

  @Override
  public FileBasedConfig getConfig() {
    FileBasedConfig config = super.getConfig();
    config.getSections().forEach(section -> strip(config, section));
    // A redirected password or token would go to whoever the first server names.
    config.setBoolean("http", null, "followRedirects", false);
    return config;
  }

  private static void strip(Config config, String section) {
    Set<String> kept = KEPT.getOrDefault(section.toLowerCase(Locale.ROOT), Set.of());
    if (kept.isEmpty()) {
      config.getSubsections(section).forEach(name -> config.unsetSection(section, name));
      config.unsetSection(section, null);
      return;
    }
    config.getNames(section).stream()
        .filter(name -> !kept.contains(name.toLowerCase(Locale.ROOT)))
        .forEach(name -> config.unset(section, null, name));
    for (String subsection : List.copyOf(config.getSubsections(section))) {
      config.getNames(section, subsection).stream()
          .filter(name -> !kept.contains(name.toLowerCase(Locale.ROOT)))
          .forEach(name -> config.unset(section, subsection, name));
    }
  }
}
