package dev.agentrunner.adapter.yaml;

import dev.agentrunner.core.task.Identity;
import dev.agentrunner.core.task.TaskId;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;

/** Kinds of text, and what each cannot be. */
enum TextKind {
  /** One line that says something. */
  LINE,
  /** Any number of lines, none included. */
  PROSE,
  /** A line, or several, for a shell. */
  COMMAND,
  /** One word of a command; may be empty. */
  WORD,
  TASK_ID,
  HOOK_ID,
  PROVIDER_NAME,
  /** Name of an environment variable. */
  VARIABLE,
  WEB_ADDRESS,
  /** A web address that may have a question mark, or {@code env:NAME} for where it is. */
  WEBHOOK,
  /** A file or folder. */
  PATH,
  /** A secret, or {@code env:NAME} for where it is. */
  SECRET,
  /** Dollars, with as many decimals as wanted. */
  PRICE,
  /** A part of a whole, less than all of it: {@code 20%} or {@code 0.2}. */
  SHARE,
  /** Name of a branch, {@code {run}} and {@code {task}} among its letters. */
  BRANCH,
  /** {@code Name <mail>}. */
  PERSON,
  /** The version of the file's format. */
  VERSION;

  private static final int ID_MAX = 64;

  /** What is wrong with a text, after "…: ", and how to mend it. */
  record Complaint(String message, String cure) {}

  Optional<Complaint> complaint(String text) {
    Optional<Complaint> control = controlCharacter(text);
    return control.isPresent() ? control : complaintOfKind(text);
  }

  private Optional<Complaint> complaintOfKind(String text) {
    return switch (this) {
      case PROSE, WORD -> Optional.empty();
      case LINE, COMMAND, PATH ->
          text.isBlank() ? wrong("is empty", "write something") : Optional.empty();
      case TASK_ID -> id("task", text);
      case HOOK_ID -> id("hook", text);
      case PROVIDER_NAME -> id("provider", text);
      case VARIABLE ->
          isVariable(text)
              ? Optional.empty()
              : wrong(
                  "is no name of an environment variable",
                  "use letters, digits and '_', not beginning with a digit");
      case WEB_ADDRESS -> webAddress(text);
      case WEBHOOK -> webhook(text);
      case SECRET -> secret(text);
      case PRICE ->
          isPrice(text)
              ? Optional.empty()
              : wrong("is no price", "write US dollars per million tokens, like 3 or 0.25");
      case SHARE ->
          text.matches("[0-9]{1,2}(\\.[0-9]{1,4})?%|0(\\.[0-9]{1,6})?")
              ? Optional.empty()
              : wrong("is no share", "write it like 20% or 0.2; it is less than all");
      case BRANCH -> branch(text);
      case PERSON ->
          Identity.of(text).isPresent()
              ? Optional.empty()
              : wrong("is no person", "write it like Ada Lovelace <ada@example.com>");
      case VERSION ->
          text.equals("1")
              ? Optional.empty()
              : wrong("is no version this program knows", "write 'version: 1'");
    };
  }

  private boolean hasLines() {
    return this == PROSE || this == COMMAND || this == WORD;
  }

  private Optional<Complaint> controlCharacter(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean lineEnd = c == '\n' || c == '\r';
      if (lineEnd && !hasLines()) {
        return wrong("has more than one line", "write it on one line");
      }
      if (Character.isISOControl(c) && !lineEnd && c != '\t' && c != 0x85) {
        return wrong("holds the control character " + Printable.of(c), "take it out");
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return wrong("holds half a character, " + Printable.of(c), "take it out");
      }
    }
    return Optional.empty();
  }

  private static Optional<Complaint> id(String what, String text) {
    if (TaskId.isValid(text)) {
      return Optional.empty();
    }
    if (text.length() > ID_MAX) {
      return wrong(
          "is too long for a %s id: %d characters".formatted(what, text.length()),
          "keep it to %d".formatted(ID_MAX));
    }
    return wrong(
        "is no %s id".formatted(what),
        "use letters A-Z and a-z, digits, '.', '_' and '-'; not '.' or '..' alone");
  }

  static boolean isVariable(String text) {
    if (text.isEmpty() || Character.isDigit(text.charAt(0))) {
      return false;
    }
    return text.chars()
        .allMatch(c ->
            c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'));
  }

  static boolean isPrice(String text) {
    return text.matches("[0-9]{1,7}(\\.[0-9]{1,9})?");
  }

  private static Optional<Complaint> webhook(String text) {
    if (text.startsWith("env:")) {
      return isVariable(text.substring(4))
          ? Optional.empty()
          : wrong("names no environment variable", "write it like env:WEBHOOK_URL");
    }
    return webAddress(text.replaceFirst("\\?[^#]*$", ""));
  }

  private static Optional<Complaint> webAddress(String text) {
    URI address;
    try {
      address = new URI(text);
    } catch (URISyntaxException _) {
      return wrong("is no web address", "write it like https://api.example.com");
    }
    String scheme = String.valueOf(address.getScheme());
    if (!scheme.equalsIgnoreCase("http") && !scheme.equalsIgnoreCase("https")) {
      return wrong("does not begin with https:// or http://", "write the whole address");
    }
    if (address.getRawUserInfo() != null
        || String.valueOf(address.getRawAuthority()).contains("@")) {
      return wrong("holds a user name or password", "name the key with 'api_key_env' instead");
    }
    if (!namesHost(address)) {
      return wrong("names no host, or no port", "write it like https://api.example.com:8443");
    }
    if (address.getRawQuery() != null || address.getRawFragment() != null) {
      return wrong("holds a '?' or '#'", "end the address with its path");
    }
    return Optional.empty();
  }

  /** Names with an underscore, as containers have them, are hosts too. */
  private static boolean namesHost(URI address) {
    if (address.getHost() != null) {
      return address.getPort() <= 65_535;
    }
    String authority = String.valueOf(address.getRawAuthority());
    return address.getRawAuthority() != null && authority.matches("[A-Za-z0-9._-]+(:[0-9]{1,4})?");
  }

  private static Optional<Complaint> secret(String text) {
    if (text.isBlank()) {
      return wrong("is empty", "write 'env:NAME', with the variable that holds the key");
    }
    if (text.startsWith("env:") && !isVariable(text.substring(4))) {
      return wrong("names no environment variable", "write it like env:ANTHROPIC_API_KEY");
    }
    return Optional.empty();
  }

  /** As {@code git check-ref-format --branch} has it. */
  private static Optional<Complaint> branch(String text) {
    String name = text.replace("{run}", "r").replace("{task}", "t");
    boolean fits =
        !name.isEmpty()
            && !name.equals("HEAD")
            && !name.startsWith("-")
            && !name.startsWith("refs/")
            && !name.startsWith("/")
            && !name.endsWith("/")
            && !name.endsWith(".")
            && !name.contains("..")
            && !name.contains("//")
            && !name.contains("@{")
            && !name.equals("@")
            && name.chars().noneMatch(c -> c <= ' ' || " ~^:?*[\\{}".indexOf(c) >= 0)
            && List.of(name.split("/")).stream()
                .noneMatch(part -> part.startsWith(".") || part.endsWith(".lock"));
    return fits
        ? Optional.empty()
        : wrong("cannot be the name of a branch", "write it like agent/{run}");
  }

  private static Optional<Complaint> wrong(String message, String cure) {
    return Optional.of(new Complaint(message, cure));
  }
}
