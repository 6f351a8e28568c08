package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Node.Mapping;
import dev.agentrunner.adapter.yaml.Node.Scalar;
import dev.agentrunner.adapter.yaml.Shape.Group;
import dev.agentrunner.adapter.yaml.Shape.Member;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Reads settings. What says more about this one run wins, key by key:
 *
 * <pre>
 * flags  &gt;  environment  &gt;  project (or a named file)  &gt;  home  &gt;  built in
 * </pre>
 *
 * Lists are replaced whole. A key without a value says nothing. For variables see {@code
 * AGENT_RUNNER_LIMITS__MAX_TURNS}: a key in capitals, two underscores for each dot.
 */
public final class ConfigurationFiles {

  private static final String FOLDER = ".agent-runner";
  private static final String FILE = "config.yml";

  private final List<ProviderKind> kinds;
  private final UnaryOperator<Path> shown;

  /**
   * @param kinds of providers that can be asked for
   */
  public ConfigurationFiles(List<ProviderKind> kinds) {
    this(kinds, UnaryOperator.identity());
  }

  /**
   * @param shown a file as the user would name it, for what people read
   */
  public ConfigurationFiles(List<ProviderKind> kinds, UnaryOperator<Path> shown) {
    this.kinds = List.copyOf(kinds);
    this.shown = shown;
  }

  /** The settings in force, or everything that is wrong with any of the sources. */
  public Loaded<Configuration> load(ConfigurationSources sources) {
    return new Reading(sources, kinds, shown).configuration();
  }

  /** One reading of all sources. */
  private static final class Reading {

    private final ConfigurationSources sources;
    private final List<ProviderKind> kinds;
    private final UnaryOperator<Path> shown;
    private final Group keys;
    private final Faults faults = new Faults();
    private final Disk disk = new Disk(faults);
    private final List<String> files = new ArrayList<>();
    private Mapping tree;
    private boolean unreadable;

    Reading(ConfigurationSources sources, List<ProviderKind> kinds, UnaryOperator<Path> shown) {
      this.sources = sources;
      this.shown = shown;
      this.kinds = kinds;
      this.keys = ConfigurationKeys.all(kinds);
      this.tree = BuiltIn.providers(kinds);
    }

    Loaded<Configuration> configuration() {
      readFiles();
      Overrides variables = new Overrides(tree, keys, faults);
      variables.variables(sources.environment());
      lay(variables.layer());
      Overrides flags = new Overrides(tree, keys, faults);
      sources.flags().forEach(flags::flag);
      lay(flags.layer());
      if (unreadable) {
        // What is not known cannot be missed: no complaints about the rest.
        return faults.refused();
      }
      new RequiredCheck(faults).check(tree, keys, "");
      new ProviderCheck(kinds, faults).check(tree);
      TellingReader.check(tree, faults);
      Optional<String> template = promptTemplate();
      return faults.orElse(() -> {
        Mapping whole = Layers.completed(BuiltIn.bounded(tree, kinds, keys), keys);
        SettingsReader reader = new SettingsReader(whole, kinds);
        return new Configuration(
            reader.settings(template),
            reader.bounds(),
            reader.protect(),
            reader.onTamper(),
            Showing.of(whole),
            files);
      });
    }

    /** Lays a layer over all others; a model of theirs goes with the provider they had in mind. */
    private void lay(Mapping layer) {
      Values below = new Values(tree);
      Values above = new Values(layer);
      String before = below.text("provider").orElse(standardProvider());
      String after = above.text("provider").orElse(before);
      Optional<Scalar> model = below.scalar("model");
      if (model.isPresent() && above.scalar("model").isEmpty() && !after.equals(before)) {
        faults.warn(
            model.get().at(),
            "this model is for provider %s and is not asked of %s"
                .formatted(Printable.quoted(before), Printable.quoted(after)),
            "name a model together with the provider, or under 'providers:'");
        tree = tree.without("model");
      }
      tree = Layers.merged(tree, layer, keys);
    }

    private String standardProvider() {
      return keys.key("provider").flatMap(Member::standard).orElse("");
    }

    private void readFiles() {
      Path own =
          sources.named().orElse(sources.project().resolve(FOLDER).resolve(FILE).normalize());
      Optional<Path> home = sources.home().map(folder -> folder.resolve(FOLDER).resolve(FILE));
      if (home.isPresent() && !disk.same(home.get(), own)) {
        readIfThere(home.get(), "~/" + FOLDER + "/" + FILE);
      }
      if (sources.named().isPresent()) {
        read(own, shown.apply(own).toString());
      } else {
        readIfThere(own, shown.apply(own).toString());
      }
    }

    private void readIfThere(Path file, String name) {
      if (disk.exists(file)) {
        read(file, name);
      } else if (disk.exists(file.resolveSibling("config.yaml"))) {
        faults.warn(
            new Origin.WholeFile(name.substring(0, name.length() - 3) + "yaml"),
            "this file is not read",
            "call it " + FILE);
      }
    }

    private void read(Path file, String name) {
      Optional<Source> source = disk.read(file, name);
      Optional<Mapping> layer = source.flatMap(text -> Document.read(text, faults));
      if (source.isEmpty() || (layer.isEmpty() && !faults.isEmpty())) {
        unreadable = true;
        return;
      }
      files.add(name);
      layer.ifPresent(mapping -> {
        new ShapeCheck(faults).check(mapping, keys, "");
        ProviderCheck.warnOfSecrets(mapping, faults);
        lay(mapping);
      });
    }

    private Optional<String> promptTemplate() {
      return new Values(tree)
          .scalar("prompt_template")
          .filter(_ -> faults.isEmpty())
          .flatMap(name ->
              disk.path(name)
                  .map(sources.project()::resolve)
                  .flatMap(file -> disk.named(file, name)))
          .map(Source::text);
    }
  }
}
