package dev.agentrunner.engine;

import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolSpec;
import dev.agentrunner.core.task.GitSettings;
import dev.agentrunner.core.task.GitSettings.AgentGit;
import dev.agentrunner.engine.Planned.Said;
import dev.agentrunner.port.Repositories.Lookup;
import dev.agentrunner.port.Repository;
import dev.agentrunner.port.Repository.Answer;
import dev.agentrunner.port.Repository.Committing;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * Git as the agent has it, each tool from a certain level of trust on. What they say is bounded. A
 * commit holds what the task's own edits changed and nothing else.
 */
public final class GitTools {

  static final String COMMIT = "git_commit";
  private static final int CHARS_MAX = 48_000;
  private static final int COMMITS = 20;

  /** The tools there are. */
  private enum Tool {
    STATUS(
        "git_status",
        AgentGit.READ,
        "Show which files differ from the last commit, as git status --short does.",
        new Parameters()),
    DIFF(
        "git_diff",
        AgentGit.READ,
        "Show changes as a patch: what is not staged, or with staged: true what is.",
        new Parameters()
            .may("path", "string", "Only this file or folder.")
            .may("staged", "boolean", "What is staged, against the last commit.")),
    LOG(
        "git_log",
        AgentGit.READ,
        "Show the last commits, newest first.",
        new Parameters()
            .may("branch", "string", "Where to begin; what is checked out by default.")
            .may("max", "integer", "How many; 20 by default.")),
    BRANCH(
        "git_branch",
        AgentGit.READ,
        "List the branches, or make one at the last commit, without checking it out.",
        new Parameters().may("create", "string", "The name of the branch to make.")),
    COMMIT_CHANGES(
        COMMIT,
        AgentGit.COMMIT,
        "Commit the files that you edited for this task. Nothing needs to be staged, and nobody else's changes go in.",
        new Parameters()
            .need("message", "string", "A line that says what changes; a blank line; why.")),
    CHECKOUT(
        "git_checkout",
        AgentGit.ALL,
        "Check out a branch. Refused where changes would be lost.",
        new Parameters().need("branch", "string", "Its name.")),
    CLONE(
        "git_clone",
        AgentGit.ALL,
        "Copy a public repository into a new folder.",
        new Parameters()
            .need("url", "string", "An https address.")
            .need("folder", "string", "The new folder, relative to the task's.")),
    PUSH(
        "git_push",
        AgentGit.ALL,
        "Push a branch to a configured remote. Nothing is forced.",
        new Parameters()
            .need("branch", "string", "Its name.")
            .may("remote", "string", "The remote; the branch's own by default."));

    private final AgentGit level;

    @SuppressWarnings("ImmutableEnumChecker") // Its schema is a map, and nobody writes to it.
    private final ToolSpec spec;

    Tool(String name, AgentGit level, String about, Parameters parameters) {
      this.level = level;
      this.spec = new ToolSpec(name, about, parameters.schema());
    }

    private boolean isFor(AgentGit trust) {
      return trust.compareTo(level) >= 0;
    }
  }

  private final GitSettings settings;
  private final Supplier<Lookup> repository;
  private final BiFunction<Repository, String, Committing> commit;
  private final boolean repeated;

  /**
   * @param commit commits what the task changed, with a message
   * @param repeated whether the call was begun before, and its end is not known
   */
  GitTools(
      GitSettings settings,
      Supplier<Lookup> repository,
      BiFunction<Repository, String, Committing> commit,
      boolean repeated) {
    this.settings = settings;
    this.repository = repository;
    this.commit = commit;
    this.repeated = repeated;
  }

  /** What the model is told of those it has. */
  public static List<ToolSpec> specs(AgentGit trust) {
    return Arrays.stream(Tool.values())
        .filter(tool -> tool.isFor(trust))
        .map(tool -> tool.spec)
        .toList();
  }

  static boolean has(String name) {
    return tool(name).isPresent();
  }

  private static Optional<Tool> tool(String name) {
    return Arrays.stream(Tool.values()).filter(tool -> tool.spec.name().equals(name)).findFirst();
  }

  Planned plan(ToolCall call) {
    Optional<Tool> tool = tool(call.name()).filter(one -> one.isFor(settings.agent()));
    if (tool.isEmpty()) {
      return says("The tool '%s' is not for you here.".formatted(call.name()));
    }
    try {
      Arguments arguments = Arguments.of(call);
      return new Planned.Reads(() ->
          switch (repository.get()) {
            case Lookup.Found(Repository found) -> said(tool.get(), arguments, found);
            case Lookup.None(String reason) -> Said.wrong(reason);
          });
    } catch (Arguments.Unfit unfit) {
      return says(String.valueOf(unfit.getMessage()));
    }
  }

  private static Planned says(String wrong) {
    return new Planned.Reads(() -> Said.wrong(wrong));
  }

  private Said said(Tool tool, Arguments arguments, Repository git) {
    try {
      return switch (tool) {
        case STATUS -> said(git.status(), "(nothing differs)");
        case DIFF ->
            said(
                git.diff(
                    arguments.flag("staged"),
                    arguments.mayText("path").filter(path -> !path.isEmpty()).stream().toList()),
                "(no difference)");
        case LOG ->
            said(
                git.log(
                    arguments.mayText("branch").filter(name -> !name.isEmpty()),
                    arguments.whole("max", COMMITS)),
                "(no commit)");
        case BRANCH -> branch(arguments, git);
        case COMMIT_CHANGES ->
            switch (commit.apply(git, message(arguments))) {
              case Committing.Made(String id, String branch) ->
                  Said.fine("Committed %.10s on %s.".formatted(id, branch));
              case Committing.Left(String reason) -> Said.wrong("Not committed: " + reason);
            };
        case CHECKOUT -> said(git.checkout(arguments.text("branch")), "");
        case CLONE -> said(git.clone(arguments.text("url"), arguments.text("folder")), "");
        case PUSH -> push(arguments, git);
      };
    } catch (Arguments.Unfit unfit) {
      return Said.wrong(String.valueOf(unfit.getMessage()));
    }
  }

  private Said branch(Arguments arguments, Repository git) {
    Optional<String> name = arguments.mayText("create").filter(one -> !one.isEmpty());
    if (name.isEmpty()) {
      return said(git.branches(), "(no branch yet)");
    }
    return settings.agent().compareTo(AgentGit.COMMIT) >= 0
        ? said(git.createBranch(name.get()), "")
        : Said.wrong("Making branches is not for you here.");
  }

  private static String message(Arguments arguments) {
    String message = arguments.text("message").strip();
    if (message.isEmpty()) {
      throw new Arguments.Unfit("The argument 'message' is empty.");
    }
    return message;
  }

  private Said push(Arguments arguments, Repository git) {
    if (repeated) {
      return Said.wrong(
          "The run was cut off during this push, and it is not known whether it went through. It is not repeated by itself; call git_push again if it is still wanted.");
    }
    String branch = arguments.text("branch");
    Optional<String> remote =
        arguments.mayText("remote").filter(one -> !one.isEmpty()).or(() -> git.remoteOf(branch));
    return remote
        .map(name -> said(git.push(name, branch), ""))
        .orElseGet(() -> Said.wrong("No remote is configured here."));
  }

  private static Said said(Answer answer, String otherwise) {
    return switch (answer) {
      case Answer.Done(String text) -> Said.fine(bounded(text.isBlank() ? otherwise : text));
      case Answer.Refused(String reason) -> Said.wrong(bounded(reason));
    };
  }

  private static String bounded(String text) {
    return text.length() <= CHARS_MAX
        ? text
        : text.substring(0, CHARS_MAX) + "\n(cut off; ask for less, such as one path)\n";
  }
}
