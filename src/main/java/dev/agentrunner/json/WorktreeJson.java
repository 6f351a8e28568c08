package dev.agentrunner.json;

import dev.agentrunner.core.run.MergeEnd;
import dev.agentrunner.core.run.RunEvent.MergeEnded;
import dev.agentrunner.core.run.RunEvent.MergeStarted;
import dev.agentrunner.core.run.TreeId;
import dev.agentrunner.core.run.Worktree;
import dev.agentrunner.core.task.TaskId;
import java.io.IOException;

/** The worktree of a task, in its state and in the events of its merges. */
final class WorktreeJson {

  private static final Words<Worktree.Standing> STANDINGS = new Words<>(Worktree.Standing.values());
  private static final Words<MergeEnd> ENDS = new Words<>(MergeEnd.values());

  private WorktreeJson() {}

  static void worktree(JsonWriter out, Worktree own) throws IOException {
    out.textIfAny("base", own.base().map(TreeId::hex))
        .text("standing", STANDINGS.word(own.standing()))
        .objectIfAny("merge", own.merge(), WorktreeJson::merge)
        .number("returned", own.returned());
  }

  static Worktree worktree(JsonObject in) {
    return new Worktree(
        in.idIfAny("base", TreeId::new),
        in.word("standing", STANDINGS),
        in.objectIfAny("merge", WorktreeJson::merge),
        in.integer("returned"));
  }

  private static void merge(JsonWriter out, Worktree.Merge merge) throws IOException {
    out.text("onto", merge.onto().hex())
        .text("tree", merge.tree().hex())
        .flag("landing", merge.landing())
        .objects("conflicts", merge.conflicts(), RunJson::path);
  }

  private static Worktree.Merge merge(JsonObject in) {
    return new Worktree.Merge(
        in.id("onto", TreeId::new),
        in.id("tree", TreeId::new),
        in.flag("landing"),
        in.objects("conflicts", RunJson::path));
  }

  static void started(JsonWriter out, MergeStarted started) throws IOException {
    merge(
        out,
        new Worktree.Merge(started.onto(), started.tree(), started.landing(), started.conflicts()));
  }

  static MergeStarted started(TaskId task, int attempt, JsonObject in) {
    Worktree.Merge merge = merge(in);
    return new MergeStarted(
        task, attempt, merge.onto(), merge.tree(), merge.landing(), merge.conflicts());
  }

  static void ended(JsonWriter out, MergeEnded ended) throws IOException {
    out.text("end", ENDS.word(ended.end()))
        .text("before", ended.before().hex())
        .number("files", ended.files());
  }

  static MergeEnded ended(TaskId task, int attempt, JsonObject in) {
    return new MergeEnded(
        task, attempt, in.word("end", ENDS), in.id("before", TreeId::new), in.integer("files"));
  }
}
