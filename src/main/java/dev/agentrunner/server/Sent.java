package dev.agentrunner.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The members of a JSON object that was sent. Each is asked for by name; what is wrong is gathered,
 * with a pointer to it, and told by {@link #end}, a member that nobody asked for too.
 */
final class Sent {

  private final Map<String, Object> members;
  private final Set<String> asked = new LinkedHashSet<>();
  private final List<Fault> faults = new ArrayList<>();

  private Sent(Map<String, Object> members) {
    this.members = members;
  }

  static Sent of(Map<String, Object> members) {
    return new Sent(members);
  }

  static String pointer(String member) {
    return "/" + member.replace("~", "~0").replace("/", "~1");
  }

  boolean has(String member) {
    asked.add(member);
    return members.containsKey(member);
  }

  /** Notes that something is wrong with a member. */
  void wrong(String member, String detail) {
    faults.add(Fault.at(pointer(member), detail));
  }

  /** Any value; empty if it is not there. */
  Optional<Object> value(String member) {
    asked.add(member);
    return Optional.ofNullable(members.get(member));
  }

  /** A text of at most so many characters; empty if it is not there or wrong. */
  Optional<String> text(String member, int max) {
    Optional<Object> value = value(member);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    return text(pointer(member), value.get(), max);
  }

  private Optional<String> text(String pointer, Object value, int max) {
    if (!(value instanceof String text)) {
      faults.add(Fault.at(pointer, "must be a text"));
    } else if (text.length() > max) {
      faults.add(Fault.at(pointer, "must have at most %d characters".formatted(max)));
    } else if (!isWhole(text)) {
      faults.add(Fault.at(pointer, "has half a surrogate pair or a NUL in it"));
    } else {
      return Optional.of(text);
    }
    return Optional.empty();
  }

  private static boolean isWhole(String text) {
    return text.codePoints()
        .noneMatch(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
  }

  /** A text that must be there and fit; otherwise it is empty, and noted as wrong. */
  String required(String member, int max, Predicate<String> fits, String otherwise) {
    Optional<String> text = text(member, max);
    if (text.isPresent() && fits.test(text.get())) {
      return text.get();
    }
    if (text.isPresent()) {
      wrong(member, otherwise);
    } else if (!has(member)) {
      wrong(member, "is missing; it " + otherwise);
    }
    return "";
  }

  boolean flag(String member, boolean otherwise) {
    Object value = value(member).orElse(otherwise);
    if (value instanceof Boolean flag) {
      return flag;
    }
    wrong(member, "must be true or false");
    return otherwise;
  }

  Optional<Integer> integer(String member) {
    Optional<Object> value = value(member);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get() instanceof Long number && number > 0 && number <= Integer.MAX_VALUE) {
      return Optional.of(number.intValue());
    }
    wrong(member, "must be a whole number above 0");
    return Optional.empty();
  }

  List<String> texts(String member, int most, int max) {
    List<String> made = new ArrayList<>();
    if (value(member).orElse(List.of()) instanceof List<?> list && list.size() <= most) {
      for (int i = 0; i < list.size(); i++) {
        Object item = list.get(i);
        text(pointer(member) + "/" + i, item == null ? List.of() : item, max).ifPresent(made::add);
      }
    } else {
      wrong(member, "must be a list of at most %d texts".formatted(most));
    }
    return made;
  }

  /** Texts by name. */
  Map<String, String> texts(String member, int most, int max, Predicate<String> name) {
    Map<String, String> made = new LinkedHashMap<>();
    if (!(value(member).orElse(Map.of()) instanceof Map<?, ?> map) || map.size() > most) {
      wrong(member, "must be an object of at most %d texts".formatted(most));
      return made;
    }
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      String key = String.valueOf(entry.getKey());
      String at = pointer(member) + pointer(key);
      if (!name.test(key)) {
        faults.add(Fault.at(at, "is no name that can stand here"));
      }
      text(at, entry.getValue(), max).ifPresent(text -> made.put(key, text));
    }
    return made;
  }

  /** An object as it is; without members if it is not there. */
  Map<String, Object> object(String member) {
    Map<String, Object> made = new LinkedHashMap<>();
    if (value(member).orElse(Map.of()) instanceof Map<?, ?> map) {
      map.forEach((name, value) -> made.put(String.valueOf(name), value));
    } else {
      wrong(member, "must be an object");
    }
    return made;
  }

  /**
   * Says that all that may be there was asked for.
   *
   * @throws ProblemException if anything was wrong
   */
  void end() {
    for (String member : members.keySet()) {
      if (!asked.contains(member)) {
        wrong(member, "is not known here; known are " + String.join(", ", asked));
      }
    }
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.invalidBody(faults));
    }
  }
}
