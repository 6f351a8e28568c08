package dev.agentrunner;

import dev.agentrunner.cli.Changes;
import dev.agentrunner.cli.RunReports;
import dev.agentrunner.cli.Workbench.Listed;
import dev.agentrunner.cli.Workbench.Prepared;
import dev.agentrunner.cli.Workbench.Trace;
import dev.agentrunner.core.chat.ToolSpec;
import dev.agentrunner.core.queue.ArtifactRecord;
import dev.agentrunner.core.queue.RunRecord;
import dev.agentrunner.core.report.ReportFold;
import dev.agentrunner.core.report.RunReport;
import dev.agentrunner.core.report.Standing;
import dev.agentrunner.core.run.Evidence;
import dev.agentrunner.core.run.EvidenceFold;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent.RunStarted;
import dev.agentrunner.core.run.RunEvent.RunStarted.Planned;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.task.Settings;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.core.task.Telling.ReportFormat;
import dev.agentrunner.engine.AgentTools;
import dev.agentrunner.engine.GitTools;
import dev.agentrunner.engine.PromptWriter;
import dev.agentrunner.engine.Surroundings;
import dev.agentrunner.json.EvidenceJson;
import dev.agentrunner.port.Artifacts;
import dev.agentrunner.port.EventLog;
import dev.agentrunner.port.People;
import dev.agentrunner.port.RunWatcher;
import dev.agentrunner.server.work.Site;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A project on this machine, taken for one run of a server. */
final class LocalSite implements Site {

  private final LocalWorkbench workbench;
  private final Prepared prepared;
  private final List<Task> tasks;
  private final LocalSession session;
  private final RunRecord run;
  private final String version;
  private final InstantSource clock;
  private @Nullable EventLog log;

  LocalSite(
      LocalWorkbench workbench,
      Prepared prepared,
      List<Task> tasks,
      LocalSession session,
      RunRecord run,
      String version,
      InstantSource clock) {
    this.clock = clock;
    this.workbench = workbench;
    this.prepared = prepared;
    this.tasks = tasks;
    this.session = session;
    this.run = run;
    this.version = version;
  }

  @Override
  public Plan plan() {
    Map<TaskId, Task> byId = new LinkedHashMap<>();
    tasks.forEach(task -> byId.put(task.id(), task));
    List<ToolSpec> specs = new ArrayList<>(AgentTools.specs());
    specs.addAll(GitTools.specs(prepared.settings().git().agent()));
    return new Plan(byId, prepared.settings(), PromptWriter.SYSTEM, specs);
  }

  @Override
  public RunStarted started() {
    Listed list = prepared.list().orElseThrow();
    Settings settings = prepared.settings();
    return new RunStarted(
        list.name(),
        tasks.stream().map(task -> planned(task, list)).toList(),
        settings.agent().provider(),
        settings.agent().model().orElse(""),
        version);
  }

  private static Planned planned(Task task, Listed list) {
    return new Planned(
        task.id(),
        task.brief().title(),
        list.digests().getOrDefault(task.id(), ""),
        Optional.empty(),
        task.delivery().proposed());
  }

  @Override
  public Surroundings surroundings(EventLog events, People people) {
    log = events;
    return session.surroundings(run.id(), people).on(events);
  }

  @Override
  public RunWatcher keeper() {
    return session.logs(run.id());
  }

  @Override
  public void endProcesses() {
    session.endProcesses();
  }

  @Override
  public List<ArtifactRecord> leave(RunState state) {
    if (log == null || state.started().isEmpty()) {
      return List.of();
    }
    Trace trace = new LogTrace(log);
    ReportFold fold = new ReportFold(run.id());
    trace.events(run.id(), fold);
    RunReport report = fold.report();
    Standing standing = Standing.of(report.state(), Optional.empty());
    Leavings left = new Leavings(session.folders(), run.id(), clock);
    left.keep("report.md", "report", text(ReportFormat.MARKDOWN, report, standing));
    left.keep("junit.xml", "report", text(ReportFormat.JUNIT, report, standing));
    left.keep("evidence.json", "evidence", evidence(state, trace));
    String changes = session.masked(new Changes(workbench, prepared, trace).of(state, tasks));
    if (!changes.isEmpty()) {
      left.keep("changes.diff", "diff", changes);
    }
    tasks.forEach(task -> left.keepLogs(task.id(), session::masked));
    return left.all();
  }

  private String text(ReportFormat format, RunReport report, Standing standing) {
    return session.masked(RunReports.text(format, report, standing));
  }

  private static byte[] evidence(RunState state, Trace trace) {
    EvidenceFold fold = new EvidenceFold();
    trace.events(state.run(), fold);
    Map<TaskId, Evidence> evidence = new LinkedHashMap<>();
    state.tasks().forEach(task -> evidence.put(task.id(), fold.of(task)));
    return EvidenceJson.verified(new EvidenceJson.Verified(state.run(), evidence));
  }

  /** The run's own trace: events from where they are written, bodies beside the project. */
  private final class LogTrace implements Trace {
    private final EventLog events;

    LogTrace(EventLog events) {
      this.events = events;
    }

    @Override
    public void events(RunId id, Consumer<Recorded> reader) {
      events.read(id, 0, reader);
    }

    @Override
    public Artifacts artifacts(RunId id) {
      return session.folders().artifacts(id);
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
