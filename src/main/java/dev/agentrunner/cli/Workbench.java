package dev.agentrunner.cli;

import dev.agentrunner.core.chat.Finding;
import dev.agentrunner.core.limit.AccountLimits;
import dev.agentrunner.core.run.HookStage;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent.RunStarted;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.task.AgentChoice;
import dev.agentrunner.core.task.FirstSteps;
import dev.agentrunner.core.task.ProviderCard;
import dev.agentrunner.core.task.Settings;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.core.task.TaskList;
import dev.agentrunner.engine.HandTools;
import dev.agentrunner.engine.Surroundings;
import dev.agentrunner.port.Artifacts;
import dev.agentrunner.port.Checkpoints;
import dev.agentrunner.port.Notifier;
import dev.agentrunner.port.Payer;
import dev.agentrunner.port.People;
import dev.agentrunner.port.RunWatcher;
import dev.agentrunner.port.Workspace;
import dev.agentrunner.port.Workspaces;
import dev.agentrunner.port.Worktrees;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the commands need from outside. {@code Wiring} makes it from the adapters; tests of the
 * commands use the real one.
 */
public interface Workbench {

  /**
   * Reads the configuration, and the task list where one is named.
   *
   * @throws dev.agentrunner.port.UsageException with every fault of the files, where and how to
   *     mend it
   */
  Prepared prepare(Sources sources);

  /**
   * The project meant: {@code directory}, or the nearest one from here upwards.
   *
   * @return its folder, absolute
   * @throws dev.agentrunner.port.UsageException if there is none
   */
  String project(Optional<String> directory);

  /** Those that a server keeps its runs in. */
  Databases databases();

  /** What was run in a project so far; nothing, if nothing was. */
  History history(String project);

  /**
   * A task list as a run's first event names it, as it can be named from here.
   *
   * @param name relative to the project's folder
   */
  String listFile(String project, String name);

  /** The folders the tasks of a list work in. */
  Workspaces workspaces(Prepared prepared);

  /** Where tasks of a list are done, in copies and worktrees too; those may not have been made. */
  Workspaces places(Prepared prepared);

  /** Worktrees that tasks of a list are done in beside each other. */
  Worktrees worktrees(Prepared prepared);

  /** Where tasks of a list are done that are only proposed, and all others. */
  Proposals proposals(Prepared prepared);

  /**
   * A folder to make edits in, be it part of a project or not.
   *
   * @throws dev.agentrunner.port.UsageException if there is none
   */
  Workspace workspace(String folder);

  /** The agent's tools, to be called by hand. */
  HandTools handTools(Prepared prepared, People people);

  /**
   * A folder named on the command line, as an absolute path.
   *
   * @throws dev.agentrunner.port.UsageException if there is none
   */
  String folder(String written);

  /**
   * A file named on the command line, to be read and closed.
   *
   * @throws dev.agentrunner.port.UsageException if there is none
   */
  InputStream input(String file);

  /**
   * What an agent's captured output says of a limit.
   *
   * @param capture what the agent printed, or only what it complained of
   * @param preset which agent it was; any, if empty
   * @param patterns file with the user's own patterns; those that ship, if empty
   * @throws dev.agentrunner.port.UsageException if there is no such preset, or no such patterns
   */
  LimitFinding limitIn(String capture, Optional<String> preset, Optional<String> patterns);

  /**
   * Takes the project for a run; nobody else can until the session is closed.
   *
   * @throws dev.agentrunner.port.EnvironmentException if another run has it, or it cannot be
   *     written
   */
  Session open(Prepared prepared);

  /** The providers of a configuration, none of them asked, sorted by name. */
  List<ProviderCard> providers(Prepared prepared);

  /**
   * Looks whether a provider can be asked.
   *
   * @param spend whether to ask it something small as well, which costs a little
   * @throws dev.agentrunner.port.UsageException if there is none of that name
   */
  List<Finding> check(Prepared prepared, String provider, boolean spend);

  /** What is spent and left of every provider that is limited or was asked of late. */
  List<AccountLimits> limits(Prepared prepared);

  /** A variable of the environment; empty if it is not set, or to nothing. */
  Optional<String> variable(String name);

  /** Where reports go. */
  ReportPlaces reportPlaces();

  /** The editor that the user prefers, or else one that is there, as a shell takes it. */
  Optional<String> editor();

  /** What a project in {@code folder} can begin with. */
  FirstSteps look(String folder);

  /**
   * Writes a file that is not there yet, for {@code init}.
   *
   * @return false if it was there, and is left as it is
   * @throws dev.agentrunner.port.EnvironmentException if it cannot be written
   */
  boolean write(String folder, NewFile file);

  /**
   * A file to begin with.
   *
   * @param path from the project's folder
   */
  record NewFile(String path, String text) {}

  /** How the folders of a project's tasks looked. */
  Checkpoints checkpoints(String project);

  /** The server side of the program. */
  Platform platform();

  /** A unified diff of two states of a file; empty for no file. */
  String diff(String path, Optional<byte[]> before, Optional<byte[]> after);

  /**
   * Where to read from.
   *
   * @param directory the project's folder, if the user named one
   * @param config a configuration file in place of the project's
   * @param list the task list, if the command has one
   * @param flags settings given on the command line
   * @param record where to record replies
   */
  record Sources(
      Optional<String> directory,
      Optional<String> config,
      Optional<String> list,
      List<Given> flags,
      Optional<String> record) {}

  /**
   * A setting given on the command line.
   *
   * @param name of the flag, as typed
   * @param key of the setting, with dots
   */
  record Given(String name, String key, String value) {}

  /**
   * What was read, all of it valid.
   *
   * @param project the project's folder, absolute
   * @param files configuration files in force, the weightiest first
   * @param values every setting with its origin, secrets masked
   * @param warnings what the user should know, though it stops nothing
   * @param list the task list, if one was named
   */
  record Prepared(
      Sources sources,
      String project,
      Settings settings,
      List<String> files,
      List<Value> values,
      List<String> warnings,
      Optional<Listed> list) {}

  /** One setting as {@code config show} tells it. */
  record Value(String key, String shown, String origin) {}

  /**
   * A task list.
   *
   * @param file as the user would write it
   * @param name by which the project's history knows it: the path from the project's folder
   * @param digests of the definition of each task
   * @param lines of the file where each task begins, from 1
   */
  record Listed(
      String file,
      String name,
      TaskList tasks,
      Map<TaskId, String> digests,
      Map<TaskId, Integer> lines) {}

  /**
   * What was found of a limit.
   *
   * @param rule that fits; empty if none does
   * @param kind transient, window, denied or unusable
   * @param resetsAt when a quota is back, or the next try is due
   * @param version of the patterns
   */
  record LimitFinding(
      Optional<String> rule,
      String kind,
      String message,
      Optional<Instant> resetsAt,
      String version) {}

  /** What a look at a run's log has shown. */
  sealed interface LogCheck {

    /**
     * It is as it was written.
     *
     * @param digest of its last line
     * @param torn whether its last line was cut off while it was written; that one never counted
     */
    record Whole(long events, String digest, boolean torn) implements LogCheck {}

    /**
     * It is not.
     *
     * @param where and how, for people
     */
    record Broken(String where) implements LogCheck {}
  }

  /** What runs have left, to be read. */
  interface Trace {

    /** The events of a run in order. */
    void events(RunId run, Consumer<Recorded> reader);

    Artifacts artifacts(RunId run);
  }

  /** The runs of a project, to be read. */
  interface History extends Trace {

    /** The newest first. */
    List<RunId> runs();

    /** How the run began; empty if its log is empty or unreadable. */
    Optional<RunStarted> beginning(RunId run);

    /**
     * What the run has come to.
     *
     * @throws dev.agentrunner.port.EnvironmentException if its log is damaged
     */
    RunState state(RunId run);

    /** The same, from the first event on and without any snapshot. */
    RunState replay(RunId run);

    /**
     * Looks whether the run's log is as it was written, every line of it.
     *
     * @throws dev.agentrunner.port.EnvironmentException if it cannot be read
     */
    LogCheck check(RunId run);

    /** The events of a run as they come, for whoever looks on. */
    Following follow(RunId run);

    /**
     * The end of what the hooks of one stage printed for a task; bytes, at most {@code max}, that
     * may begin in the middle of a character; none if nothing was printed.
     */
    byte[] printed(RunId run, TaskId task, HookStage stage, int max);

    /**
     * Whether the process that began the run, or went on with it, may still be there; true where
     * that cannot be told.
     */
    boolean isWorkedOn();

    /** The folder of the run, as a person would write it. */
    String folder(RunId run);

    /** Who is at one of the runs right now, for people; empty if nobody is. */
    Optional<String> holder();
  }

  /** Places outside of a project's runs where reports are put, secrets masked. */
  interface ReportPlaces {

    /**
     * Puts {@code text} into a file, in place of what it held.
     *
     * @param file as named from here
     * @throws dev.agentrunner.port.EnvironmentException if that cannot be done
     */
    void write(String file, String text);

    /**
     * Adds {@code text} to the summary of the GitHub Actions step that is going on, as far as there
     * is room.
     *
     * @return whether there is one
     * @throws dev.agentrunner.port.EnvironmentException if that cannot be done
     */
    boolean addToStepSummary(String text);
  }

  /** Copies of folders, which tasks are done in that are only proposed. */
  interface Proposals {

    /** Where the tasks work; a copy may not have been made yet. */
    Workspaces workspaces();

    /** Whether the copy that {@code task} is done in is there. */
    boolean has(Task task);

    /** Removes all copies that tasks of the list were done in. */
    void remove();
  }

  /** The events of a run that may still go on. */
  interface Following extends AutoCloseable {

    /**
     * Hands on, in order, what was added since the last call.
     *
     * @throws dev.agentrunner.port.EnvironmentException if the log is damaged
     */
    void more(Consumer<Recorded> reader);

    @Override
    void close();
  }

  /** A project taken for a run. */
  interface Session extends AutoCloseable {

    /**
     * Who is charged for what {@code choice} does.
     *
     * @throws dev.agentrunner.port.UsageException if that is not clear
     * @throws dev.agentrunner.port.EnvironmentException if whoever is meant to pay cannot
     */
    Payer payer(AgentChoice choice);

    /** An id for a run that is about to begin. */
    RunId newRun();

    /**
     * What the run has come to, after whatever a crash left half-written was put right.
     *
     * @throws dev.agentrunner.port.EnvironmentException if its log is damaged
     */
    RunState recover(RunId run);

    /** Whether the run's log is there to be gone on with; otherwise only its state is known. */
    boolean hasLog(RunId run);

    /** What the engine needs to play the run. */
    Surroundings surroundings(RunId run, People people);

    /** A text of the user's files as it may be shown: secrets masked. */
    String masked(String text);

    /** Puts a text for people into the run's folder, secrets masked. */
    void keep(RunId run, String name, String content);

    /** Tells whom the configuration names; to be closed before the session is. */
    Notifier notifier();

    /** Keeps the state file and the logs for people. */
    RunWatcher keeper(RunId run);

    /** Ends every process of the run at once, without asking. Callable from any thread. */
    void endProcesses();

    @Override
    void close();
  }
}
