package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Shape.Choice;
import dev.agentrunner.adapter.yaml.Shape.Group;
import dev.agentrunner.adapter.yaml.Shape.Member;
import dev.agentrunner.adapter.yaml.Shape.Named;
import dev.agentrunner.adapter.yaml.Shape.Text;
import dev.agentrunner.adapter.yaml.Shape.Time;
import dev.agentrunner.adapter.yaml.Shape.Whole;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The keys of {@code rate_limits} and {@code budget}. */
final class AllowanceKeys {

  /** A window as keys name it. */
  enum Span {
    MINUTE("a minute"),
    HOUR("an hour"),
    FIVE_HOURS("five hours, from the first call on, as subscriptions count"),
    DAY("a day"),
    WEEK("a week");

    private final String words;

    Span(String words) {
      this.words = words;
    }

    /** Such as {@code max_tokens_5h}. */
    String key(String measure) {
      String name = this == FIVE_HOURS ? "5h" : name().toLowerCase(Locale.ROOT);
      return "max_%s_%s".formatted(measure, name);
    }
  }

  static final List<String> MEASURES = List.of("requests", "tokens");
  private static final Whole COUNT = new Whole(1, 1_000_000_000_000L);

  private AllowanceKeys() {}

  static Member rateLimits() {
    List<Member> keys = new ArrayList<>(quotas());
    keys.add(
        Member.standard(
            "windows",
            new Choice("rolling", "aligned", "first_call"),
            "rolling",
            "When windows begin: at every instant, with the calendar (UTC), or with the first call."));
    keys.add(
        Member.standard(
            "reserve",
            new Text(TextKind.SHARE),
            "0%",
            "A share of each quota that is kept for you."));
    keys.add(
        Member.optional(
            "models",
            new Named(TextKind.LINE, new Group(quotas())),
            "Quotas of some models; '*' stands for anything."));
    return Member.optional(
        "rate_limits",
        new Named(TextKind.PROVIDER_NAME, new Group(keys)),
        "What providers may be asked, by provider; counted for all your runs on this machine.");
  }

  private static List<Member> quotas() {
    List<Member> members = new ArrayList<>();
    for (String measure : MEASURES) {
      for (Span span : Span.values()) {
        members.add(
            Member.optional(
                span.key(measure),
                COUNT,
                "%s%s in %s."
                    .formatted(
                        measure.substring(0, 1).toUpperCase(Locale.ROOT),
                        measure.substring(1),
                        span.words)));
      }
    }
    return members;
  }

  static Member budget() {
    List<Member> members = new ArrayList<>();
    for (String whose : List.of("run", "task")) {
      String of = whose.equals("run") ? "one run" : "one task, over all attempts";
      members.add(
          Member.optional(
              whose + "_usd",
              new Text(TextKind.PRICE),
              "US dollars that %s may cost.".formatted(of)));
      members.add(
          Member.optional(whose + "_tokens", COUNT, "Tokens in and out, %s.".formatted(of)));
      members.add(Member.optional(whose + "_time", new Time(), "Time at work, %s.".formatted(of)));
      members.add(
          Member.optional(
              whose + "_calls", new Whole(1, 1_000_000), "Calls of models, %s.".formatted(of)));
    }
    return Member.optional("budget", new Group(members), "What may be spent.");
  }
}
