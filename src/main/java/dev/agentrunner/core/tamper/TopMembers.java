package dev.agentrunner.core.tamper;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The members of a JSON object, each as it is written but for blanks between its parts. Reads what
 * it can of what is no JSON.
 */
final class TopMembers {

  private final Map<String, String> members = new HashMap<>();

  private TopMembers() {}

  static TopMembers of(String json) {
    TopMembers found = new TopMembers();
    StringBuilder part = new StringBuilder();
    String name = "";
    int depth = 0;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c == '"') {
        int end = end(json, i);
        part.append(json, i, end);
        i = end - 1;
      } else if (depth == 1 && c == ':') {
        name = part.toString();
        part.setLength(0);
      } else if (depth == 1 && (c == ',' || c == '}')) {
        found.members.put(name, part.toString());
        part.setLength(0);
        depth -= c == '}' ? 1 : 0;
      } else if (!Character.isWhitespace(c)) {
        depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
        if (depth > 1 || c != '{') {
          part.append(c);
        }
      }
    }
    return found;
  }

  /** Behind the quote that ends the string that begins at {@code from}. */
  private static int end(String json, int from) {
    for (int i = from + 1; i < json.length(); i++) {
      if (json.charAt(i) == '\\') {
        i++;
      } else if (json.charAt(i) == '"') {
        return i + 1;
      }
    }
    return json.length();
  }

  Optional<String> member(String name) {
    return Optional.ofNullable(members.get('"' + name + '"'));
  }
}
