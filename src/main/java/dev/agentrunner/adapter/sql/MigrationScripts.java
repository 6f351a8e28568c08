package dev.agentrunner.adapter.sql;

import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;

/**
 * The scripts for one kind of database, named here rather than looked for: a native image has no
 * class path to look through.
 */
final class MigrationScripts implements ResourceProvider {

  private static final List<String> NAMES = List.of("V1__runs.sql");

  private final List<LoadableResource> scripts;

  MigrationScripts(Address address) {
    String folder =
        switch (address) {
          case Address.Sqlite _ -> "/db/migration/sqlite/";
          case Address.Postgresql _ -> "/db/migration/postgresql/";
        };
    this.scripts = NAMES.stream().<LoadableResource>map(name -> new Script(folder, name)).toList();
  }

  @Override
  public @Nullable LoadableResource getResource(String name) {
    return scripts.stream()
        .filter(script -> script.getRelativePath().equals(name))
        .findFirst()
        .orElse(null);
  }

  @Override
  public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
    return scripts.stream()
        .filter(script ->
            script.getFilename().startsWith(prefix)
                && Arrays.stream(suffixes).anyMatch(script.getFilename()::endsWith))
        .toList();
  }

  private static final class Script extends LoadableResource {

    private final String folder;
    private final String name;

    Script(String folder, String name) {
      this.folder = folder;
      this.name = name;
    }

    @Override
    public Reader read() {
      InputStream in = MigrationScripts.class.getResourceAsStream(folder + name);
      return new InputStreamReader(Objects.requireNonNull(in, name), StandardCharsets.UTF_8);
    }

    @Override
    public String getAbsolutePath() {
      return folder + name;
    }

    @Override
    public @Nullable String getAbsolutePathOnDisk() {
      return null;
    }

    @Override
    public String getFilename() {
      return name;
    }

    @Override
    public String getRelativePath() {
      return name;
    }
  }
}
