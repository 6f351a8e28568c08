package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Shape.Choice;
import dev.agentrunner.adapter.yaml.Shape.CommandLine;
import dev.agentrunner.adapter.yaml.Shape.Group;
import dev.agentrunner.adapter.yaml.Shape.Items;
import dev.agentrunner.adapter.yaml.Shape.Member;
import dev.agentrunner.adapter.yaml.Shape.Named;
import dev.agentrunner.adapter.yaml.Shape.Text;
import dev.agentrunner.adapter.yaml.Shape.Time;
import dev.agentrunner.adapter.yaml.Shape.Whole;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Every key of {@code config.yml}, with what holds where it is left out. */
final class ConfigurationKeys {

  static final Whole ATTEMPTS = new Whole(1, 100);
  static final Whole TURNS = new Whole(1, 10_000);
  static final Whole TOKENS = new Whole(1, 1_000_000_000_000L);
  static final Choice GIVE_UP = new Choice("keep", "restore");
  static final Choice TAMPER = new Choice("warn", "fail");
  static final Text PROVIDER = new Text(TextKind.PROVIDER_NAME);
  static final Items FALLBACK = new Items(PROVIDER, true);
  static final Text MODEL = new Text(TextKind.LINE);

  static final Choice COMMIT = new Choice("off", "task", "attempt");
  static final Choice PUSH = new Choice("off", "on");

  static final Choice PROPOSE = new Choice("false", "true");

  private ConfigurationKeys() {}

  static Group all(List<ProviderKind> kinds) {
    return new Group(
        List.of(
            Member.standard("provider", PROVIDER, "claude", "Who works on tasks that name nobody."),
            Member.optional("model", MODEL, "The model asked for, as the provider spells it."),
            Member.optional(
                "fallback",
                FALLBACK,
                "Providers that take over, in this order, when the one before cannot go on."),
            Member.optional(
                "providers",
                new Named(TextKind.PROVIDER_NAME, provider(kinds)),
                "Models that tasks can be given to, each under a name of your own."),
            Member.optional("hooks", hooks(), "Commands that prepare tasks and judge them."),
            Member.optional("fail_safe", failSafe(), "When to stop before more is spent."),
            Member.optional("limits", limits(), "How far one attempt at a task may go."),
            Member.optional(
                "protect",
                new Items(new Text(TextKind.LINE), true),
                "Globs of files that no agent may change, from the folder of each task."),
            Member.optional("retries", retries(), "How calls that failed in passing are repeated."),
            Member.optional(
                "prices",
                new Named(TextKind.LINE, prices()),
                "What models cost, over what the program knows; by name, '*' stands for anything."),
            ToolKeys.tools(),
            ToolKeys.sandbox(),
            AllowanceKeys.rateLimits(),
            AllowanceKeys.budget(),
            Member.standard(
                "propose",
                PROPOSE,
                "false",
                "Whether tasks are done in a copy of their folder and shown as a diff."),
            Member.standard(
                "jobs",
                new Whole(1, 64),
                "1",
                "How many tasks are worked on at once, each in a git worktree of its own."),
            Member.optional("git", git(), "What goes into git, and who may use it."),
            TellingKeys.report(),
            TellingKeys.notifications(),
            Member.standard(
                "output_tokens",
                new Whole(1, 1_000_000),
                "16000",
                "Tokens that one reply may have."),
            Member.standard(
                "checkpoints",
                new Choice("on", "off"),
                "on",
                "Whether it is kept how folders look before and after each attempt, for diff and"
                    + " undo."),
            Member.optional(
                "prompt_template",
                new Text(TextKind.PATH),
                "File with your own prompt, from the project's folder.")));
  }

  static Named hooks() {
    return new Named(
        TextKind.HOOK_ID,
        new Group(
            List.of(
                Member.required(
                    "command",
                    new CommandLine(),
                    "A line for the shell, or [program, argument, …]."),
                Member.standard("timeout", new Time(), "10m", "After which the hook is ended."),
                Member.optional(
                    "cwd",
                    new Text(TextKind.PATH),
                    "Where it runs, from the project's folder; the task's folder if left out."),
                Member.optional(
                    "env",
                    new Named(TextKind.VARIABLE, new Text(TextKind.PROSE)),
                    "Environment variables added to the runner's own."),
                Member.standard(
                    "sandbox",
                    new Choice("false", "true"),
                    "false",
                    "Whether it is held to its folder as the agent's commands are."),
                Member.optional("when", when(), "When it is run at all; always if left out."),
                Member.optional(
                    "on_failure",
                    new Choice("retry", "warn", "block", "ask"),
                    "What follows when it fails; ask before the agent and retry after it, if left out.")),
            Optional.of("command"),
            List.of()));
  }

  private static Group when() {
    return new Group(
        List.of(
            Member.optional(
                "case",
                new Choice("always", "on_failure"),
                "always, or on_failure: only once something before it has failed."),
            Member.optional(
                "changed",
                new Items(new Text(TextKind.LINE), false),
                "Globs, from the task's folder: only if the task changed one of these files.")),
        Optional.of("case"),
        List.of("case", "changed"));
  }

  private static Group provider(List<ProviderKind> kinds) {
    List<Member> keys = new ArrayList<>();
    String[] names = kinds.stream().map(ProviderKind::name).toArray(String[]::new);
    keys.add(
        Member.optional("kind", new Choice(names), "How to speak to it; its name if left out."));
    keys.add(Member.optional("model", MODEL, "The model asked for unless a task names another."));
    keys.add(
        Member.optional(
            "base_url", new Text(TextKind.WEB_ADDRESS), "Where it is, if not at its usual place."));
    keys.add(
        Member.optional(
            "api_key_env",
            new Text(TextKind.VARIABLE),
            "The environment variable that holds the key."));
    keys.add(Member.optional("api_key", new Text(TextKind.SECRET), "env:NAME, or the key itself."));
    keys.add(Member.optional("timeouts", timeouts(), "Bounds on one call."));
    kinds.stream()
        .flatMap(kind -> kind.options().stream().map(ProviderKind.Option::name))
        .distinct()
        .forEach(name -> keys.add(option(name, kinds)));
    return new Group(keys, Optional.empty(), List.of("api_key_env", "api_key"));
  }

  /** An option that several kinds have can be what any of them understands; they look closer. */
  private static Member option(String name, List<ProviderKind> kinds) {
    Set<String> words = new LinkedHashSet<>();
    List<String> owners = new ArrayList<>();
    String about = "";
    ProviderKind.Form form = ProviderKind.Form.LINE;
    for (ProviderKind kind : kinds) {
      for (ProviderKind.Option option : kind.options()) {
        if (option.name().equals(name)) {
          words.addAll(option.words());
          owners.add(kind.name());
          form = option.form();
          about = about.isEmpty() ? option.about() : about;
        }
      }
    }
    Shape shape =
        switch (form) {
          case LINE -> words.isEmpty() ? new Text(TextKind.LINE) : new Choice(List.copyOf(words));
          case WORDS -> new Shape.Items(new Text(TextKind.WORD), true);
          case VARIABLES -> new Shape.Items(new Text(TextKind.VARIABLE), true);
        };
    return Member.optional(name, shape, "Kind %s: %s".formatted(String.join(", ", owners), about));
  }

  private static Group timeouts() {
    return new Group(
        List.of(
            Member.standard("connect", new Time(), "10s", "Until the connection stands."),
            Member.standard("silence", new Time(), "2m", "Between two bytes of a reply."),
            Member.standard("total", new Time(), "30m", "For a whole call.")));
  }

  private static Group failSafe() {
    return new Group(
        List.of(
            Member.standard("max_attempts_per_task", ATTEMPTS, "3", "Attempts at one task."),
            Member.standard(
                "max_consecutive_failures",
                new Whole(1, 1_000),
                "2",
                "Tasks failing in a row that end the run."),
            Member.standard(
                "on_give_up",
                GIVE_UP,
                "keep",
                "What becomes of the changes of a task that is given up."),
            Member.standard(
                "tamper",
                TAMPER,
                "warn",
                "What becomes of an attempt that may have weakened the checks."),
            Member.standard(
                "baseline",
                new Choice("off", "on"),
                "off",
                "Whether post-hooks are run before a task too, and only new failures count."),
            Member.standard(
                "require_green_baseline",
                new Choice("false", "true"),
                "false",
                "Whether a task fails at once if one of its post-hooks fails before it."),
            Member.standard(
                "dependants_of_skipped",
                new Choice("block", "run"),
                "block",
                "What becomes of tasks that need one that was left out."),
            Member.optional(
                "on_escalation",
                new Choice("abort", "park", "skip", "fail"),
                "The answer to questions that nobody is there to answer; by question if left"
                    + " out.")));
  }

  private static Group git() {
    return new Group(
        List.of(
            Member.optional(
                "branch",
                new Text(TextKind.BRANCH),
                "The branch tasks are done on; {run} and {task} may stand in it."),
            Member.standard("commit", COMMIT, "off", "When what a task changed is committed."),
            Member.standard("push", PUSH, "off", "Whether each commit is pushed at once."),
            Member.optional(
                "author",
                new Text(TextKind.PERSON),
                "Name <mail> for commits; as git is configured if left out."),
            Member.standard(
                "agent",
                new Choice("off", "read", "commit", "all"),
                "read",
                "What the agent may do with git; each word allows what those before it do."),
            Member.optional(
                "username_env",
                new Text(TextKind.VARIABLE),
                "The environment variable with the name to push under."),
            Member.optional(
                "token_env",
                new Text(TextKind.VARIABLE),
                "The environment variable with the token to push with.")));
  }

  private static Group limits() {
    return new Group(
        List.of(
            Member.standard("max_turns", TURNS, "50", "Replies of the model in one attempt."),
            Member.standard("max_tokens", TOKENS, "2000000", "Tokens in and out in one attempt."),
            Member.standard("max_time", new Time(), "30m", "Time at work in one attempt.")));
  }

  private static Group prices() {
    Text price = new Text(TextKind.PRICE);
    return new Group(
        List.of(
            Member.required("input", price, "US dollars per million tokens read afresh."),
            Member.required("output", price, "The same for tokens written, thinking included."),
            Member.optional("cache_read", price, "The same for tokens read from a cache."),
            Member.optional("cache_write", price, "The same for tokens written into one."),
            Member.optional(
                "cache_write_hour", price, "The same for a cache that remembers for an hour.")));
  }

  private static Group retries() {
    return new Group(
        List.of(
            Member.standard("max", new Whole(0, 100), "5", "Tries after the first one."),
            Member.standard(
                "longest_wait",
                new Time(),
                "60s",
                "A provider that asks to wait longer has a used-up quota.")));
  }
}
