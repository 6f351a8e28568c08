package dev.agentrunner.adapter.command;

import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.port.ChatModel.Watcher;
import dev.agentrunner.port.UsageException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/** Says what would be made of an agent's output, without an agent. */
public final class LimitTest {

  private LimitTest() {}

  /**
   * @param rule of the pattern file, or the event, that fits; empty if none does
   * @param kind transient, window, denied or unusable
   * @param resetsAt when the quota is back, or the next try is due
   * @param version of the pattern file
   */
  public record Result(
      Optional<String> rule,
      String kind,
      String message,
      Optional<Instant> resetsAt,
      String version) {}

  /**
   * @param capture what an agent printed, its protocol or its complaints
   * @param preset which agent it was; its protocol is understood only if that is said
   * @param patterns the user's own, in place of those that ship
   * @throws UsageException if there is no such preset, or the patterns cannot be read
   */
  public static Result of(
      String capture, Optional<String> preset, Optional<Path> patterns, Instant now, ZoneId zone) {
    LimitRules rules = patterns.map(LimitRules::in).orElseGet(LimitRules::shipped);
    Preset agent =
        preset
            .map(word ->
                Preset.named(word)
                    .orElseThrow(() ->
                        new UsageException(
                            "no preset is called %s; there are: %s"
                                .formatted(word, String.join(", ", Preset.names())))))
            .orElse(Preset.GENERIC);
    Verdict verdict = new Verdict(agent, agent.word(), rules, new ResetTime(zone));
    Verdict.Finding finding =
        preset.isPresent()
            ? heard(agent, verdict, capture, now)
            : rules
                .find(capture, Optional.empty())
                .map(found -> verdict.finding(found, capture, now))
                .orElseGet(() ->
                    new Verdict.Finding(
                        Optional.empty(),
                        LimitRule.Kind.TRANSIENT,
                        new ModelFailure.Transient("nothing was recognised", Optional.empty())));
    return new Result(
        finding.rule(),
        finding.kind().word(),
        finding.failure().message(),
        resetOf(finding.failure(), now),
        rules.version());
  }

  private static Verdict.Finding heard(Preset agent, Verdict verdict, String capture, Instant now) {
    Errand nothing = new Errand("", Optional.empty(), "", "", Optional.empty(), Usage.NONE, "");
    var heard = new Transcript(new Deaf(), agent.dialect().hearing(nothing));
    boolean protocol = agent != Preset.GENERIC && agent != Preset.AIDER;
    capture
        .lines()
        .forEach(line -> {
          if (protocol && JsonLines.object(line).isEmpty()) {
            heard.complaint(line);
          } else {
            heard.line(line);
          }
        });
    if (agent == Preset.GENERIC) {
      capture.lines().forEach(heard::complaint);
    }
    return verdict.of(heard, 1, now);
  }

  private static Optional<Instant> resetOf(ModelFailure failure, Instant now) {
    return switch (failure) {
      case ModelFailure.Window(var _, Optional<Instant> resets) -> resets;
      case ModelFailure.Transient(var _, Optional<Duration> after) -> after.map(now::plus);
      case ModelFailure.Denied _, ModelFailure.Unusable _, ModelFailure.Canceled _ ->
          Optional.empty();
    };
  }

  /** Nobody is watching. */
  private static final class Deaf implements Watcher {

    @Override
    public void text(String delta) {}

    @Override
    public void thinking(String delta) {}

    @Override
    public void call(String name) {}

    @Override
    public void silence(Duration since) {}
  }
}
