package dev.agentrunner.json;

import dev.agentrunner.core.run.Errands;
import dev.agentrunner.core.run.Lessons;
import dev.agentrunner.core.run.TreeId;
import dev.agentrunner.core.task.HookId;
import java.io.IOException;

/** What was learnt about a task on the way, within its state. */
final class LessonsJson {

  private LessonsJson() {}

  static void lessons(JsonWriter out, Lessons lessons) throws IOException {
    out.objectIfAny("opened", lessons.opened(), LessonsJson::opened)
        .objectIfAny("before", lessons.before(), LessonsJson::trial)
        .object("errands", lessons.errands(), LessonsJson::errands)
        .objects("known", lessons.known(), LessonsJson::known)
        .textIfAny("leaving", lessons.leaving())
        .textIfAny("advice", lessons.advice());
  }

  static Lessons lessons(JsonObject in) {
    return new Lessons(
        in.objectIfAny("opened", LessonsJson::opened),
        in.objectIfAny("before", LessonsJson::trial),
        in.object("errands", LessonsJson::errands),
        in.objects("known", LessonsJson::known),
        in.textIfAny("leaving"),
        in.textIfAny("advice"));
  }

  private static void known(JsonWriter out, Lessons.Known known) throws IOException {
    out.text("hook", known.hook().value()).textIfAny("failure", known.failure());
  }

  private static Lessons.Known known(JsonObject in) {
    return new Lessons.Known(in.id("hook", HookId::new), in.textIfAny("failure"));
  }

  private static void errands(JsonWriter out, Errands errands) throws IOException {
    out.number("waived", errands.waived())
        .number("diagnosed", errands.diagnosed())
        .text("diagnosis", errands.diagnosis())
        .number("deferred", errands.deferred());
  }

  private static Errands errands(JsonObject in) {
    return new Errands(
        in.integer("waived"),
        in.integer("diagnosed"),
        in.text("diagnosis"),
        in.integer("deferred"));
  }

  private static void opened(JsonWriter out, Lessons.Opened opened) throws IOException {
    out.number("attempt", opened.attempt()).text("tree", opened.tree().hex());
  }

  private static Lessons.Opened opened(JsonObject in) {
    return new Lessons.Opened(in.integer("attempt"), in.id("tree", TreeId::new));
  }

  private static void trial(JsonWriter out, Lessons.Trial trial) throws IOException {
    out.number("attempt", trial.attempt())
        .flag("idle", trial.idle())
        .text("tree", trial.tree().hex())
        .text("failure", trial.failure());
  }

  private static Lessons.Trial trial(JsonObject in) {
    return new Lessons.Trial(
        in.integer("attempt"), in.flag("idle"), in.id("tree", TreeId::new), in.text("failure"));
  }
}
