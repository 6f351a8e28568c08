package dev.agentrunner;

import dev.agentrunner.adapter.sql.Database;
import dev.agentrunner.cli.Platform;
import dev.agentrunner.core.queue.ApiKey;
import dev.agentrunner.core.queue.ApiKey.Scope;
import dev.agentrunner.core.queue.WorkerId;
import dev.agentrunner.core.queue.WorkerRecord;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.port.Registry;
import dev.agentrunner.port.RunStore;
import dev.agentrunner.port.RunWatcher;
import dev.agentrunner.port.UsageException;
import dev.agentrunner.server.ApiServer;
import dev.agentrunner.server.Broadcast;
import dev.agentrunner.server.Keys;
import dev.agentrunner.server.Limits;
import dev.agentrunner.server.Listening;
import dev.agentrunner.server.work.Ground;
import dev.agentrunner.server.work.Pace;
import dev.agentrunner.server.work.Worker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** Servers and workers in this process. */
final class LocalPlatform implements Platform {

  private static final List<String> WORKFLOWS = List.of("maven-bootstrap", "change-and-check");

  private final LocalWorkbench workbench;
  private final Path home;
  private final Path here;
  private final Map<String, String> environment;
  private final InstantSource clock;
  private final LocalSites sites;
  private final SecureRandom chance = new SecureRandom();

  LocalPlatform(
      LocalWorkbench workbench,
      Path home,
      Path here,
      Map<String, String> environment,
      InstantSource clock,
      Consumer<String> notices) {
    this.workbench = workbench;
    this.home = home;
    this.here = here;
    this.environment = environment;
    this.clock = clock;
    this.sites = new LocalSites(workbench, Version.line(), clock);
  }

  @Override
  public String database() {
    String named = environment.getOrDefault("AGENT_RUNNER_DB", "");
    return named.isEmpty()
        ? "sqlite:" + home.resolve(".agent-runner").resolve("server").resolve("server.db")
        : named;
  }

  @Override
  public Running serve(Serving order) {
    Database database = Database.serving(order.database());
    try {
      return new LocalServer(order, database, this);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  @Override
  public Running work(String url, int slots) {
    Database database = Database.serving(url);
    Worker worker = worker(database, slots, run -> new RunWatcher() {});
    worker.start();
    return new Running() {
      @Override
      public List<String> notes() {
        return List.of("Working as %s, %d runs at once.".formatted(worker.id(), slots));
      }

      @Override
      public void drain() {
        worker.drain();
      }

      @Override
      public void close() {
        worker.close();
        database.close();
      }
    };
  }

  Worker worker(Database database, int slots, Function<RunId, RunWatcher> onlookers) {
    RunStore store = database.runs();
    long pid = ProcessHandle.current().pid();
    String host = host();
    byte[] tail = new byte[3];
    chance.nextBytes(tail);
    var self =
        new WorkerRecord(
            new WorkerId("%s-%d-%s".formatted(host, pid, HexFormat.of().formatHex(tail))),
            host,
            pid,
            slots,
            store.now(),
            store.now(),
            false,
            true);
    return new Worker(
        new Ground(store, database.registry()::project, sites),
        database.dispatch(),
        self,
        Pace.USUAL,
        onlookers);
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  ApiServer api(Serving order, Database database, Broadcast broadcast, Optional<Worker> worker) {
    var listening =
        new Listening(
            order.address(),
            order.port(),
            Set.copyOf(order.names()),
            Set.copyOf(order.origins()),
            Limits.DEFAULT);
    return ApiServer.start(
        listening,
        new ApiServer.Parts(
            database.runs(),
            database.registry(),
            broadcast,
            new LocalWorkshop(workbench, sites),
            new LocalProjectTools(workbench),
            new LocalShelf(),
            new WorkerWake(worker),
            clock,
            chance,
            Version.line()));
  }

  /** Makes known what a new server begins with: its projects and the workflows that ship. */
  List<String> furnish(Serving order, Registry registry) {
    List<String> notes = new ArrayList<>();
    order.projects().forEach((name, folder) -> add(registry, name, workbench.folder(folder)));
    boolean somewhere = here.getParent() != null && !here.equals(home);
    if (registry.projects().isEmpty() && somewhere) {
      String name = here.getFileName().toString().replaceAll("[^A-Za-z0-9._-]", "-");
      add(registry, name.startsWith(".") ? "project" : name, here.toString());
      notes.add("Project: " + here);
    }
    for (String name : WORKFLOWS) {
      if (registry.revisions(name).isEmpty()) {
        registry.addRevision(name, 0, shipped(name));
      }
    }
    return notes;
  }

  private static void add(Registry registry, String name, String folder) {
    if (registry.project(name).filter(known -> !known.folder().equals(folder)).isPresent()) {
      throw new UsageException(
          "project %s is another folder already; give this one another name".formatted(name));
    }
    registry.addProject(name, folder);
  }

  private static String shipped(String name) {
    try (var in =
        Objects.requireNonNull(
            LocalPlatform.class.getResourceAsStream("workflow/" + name + ".yml"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("it is in the program", e);
    }
  }

  /** The secret of the first key, if there was none and one was asked for. */
  Optional<String> firstKey(Serving order, Registry registry) {
    return order.init() && registry.keys().isEmpty()
        ? Optional.of(key(registry, "first", Scope.ADMIN, Optional.empty()))
        : Optional.empty();
  }

  private String key(Registry registry, String name, Scope scope, Optional<Duration> lasts) {
    return new Keys(registry, chance)
        .add(
            name,
            EnumSet.range(Scope.READ, scope),
            clock.instant(),
            lasts.map(clock.instant()::plus))
        .secret();
  }

  @Override
  public Keyring keys(String url) {
    Database database = Database.open(url);
    Registry registry = database.registry();
    return new Keyring() {
      @Override
      public String add(String name, Scope scope, Optional<Duration> lasts) {
        return key(registry, name, scope, lasts);
      }

      @Override
      public List<ApiKey> all() {
        return registry.keys();
      }

      @Override
      public boolean revoke(String id) {
        return registry.revokeKey(id, clock.instant());
      }

      @Override
      public void close() {
        database.close();
      }
    };
  }
}
