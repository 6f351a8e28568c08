package dev.agentrunner.crash;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks at the order of the system calls of one run. A kill cannot show that a flush is missing, as
 * the system keeps what was written; this can.
 */
final class OrderOfCalls {

  private static final String CALLS =
      "openat,write,pwrite64,sendto,fsync,fdatasync,rename,renameat,renameat2";
  private static final Pattern SEQ =
      Pattern.compile("(?:^[^\"]*\"|\\\\n)\\{\\\\\"seq\\\\\":(\\d+)");
  private static final Pattern TYPE = Pattern.compile("\\\\\"type\\\\\":\\\\\"([a-z]+\\.[a-z]+)");
  private static final Pattern LAST_SEQ = Pattern.compile("\\\\\"last_seq\\\\\":(\\d+)");
  private static final Pattern OPEN_FILE = Pattern.compile("^\\d+<([^>]*)>");
  private static final Pattern FOLDER_AND_NAME = Pattern.compile("<([^>]*)>, \"([^\"]*)\"");
  private static final Pattern NAME = Pattern.compile("\"([^\"]*)\"");

  private final Program program;
  private final Path folder;
  private final PrintStream out;
  private final List<String> broken = new ArrayList<>();
  private final Map<String, Integer> seen = new HashMap<>();

  private String written = "";
  private long writtenSeq;
  private String durable = "";
  private long durableSeq;

  OrderOfCalls(Program program, Path folder, PrintStream out) {
    this.program = program;
    this.folder = folder;
    this.out = out;
  }

  /** Returns how many faults were found. */
  int check() throws IOException, InterruptedException {
    if (!Trace.possible()) {
      out.println("order: LEFT OUT, as strace is missing or may not trace");
      return 0;
    }
    Ground ground = Ground.of(folder.resolve("order"), 3);
    Path log = ground.folder().resolve("trace.txt");
    Process process =
        program.start(ground, Trace.into(log, CALLS), program.bareWords(), "run", "-o", "quiet");
    Program.Ended ended = program.end(process, ground);
    if (ended.exit() != 0) {
      broken.add("the traced run ended with " + ended.exit());
    }
    checkRun(ground, Trace.read(log));
    for (String what : List.of("event", "state", "replaced", "question", "hook", "edit")) {
      if (!seen.containsKey(what)) {
        broken.add("no " + what + " was seen at all: the check itself is broken");
      }
    }
    out.printf("order: looked at %s; %d broken%n", seen, broken.size());
    broken.stream().distinct().limit(20).forEach(one -> out.println("  " + one));
    if (broken.isEmpty()) {
      ground.remove();
    } else {
      ground.close();
      out.println("  see " + log);
    }
    return broken.size();
  }

  private void count(String what) {
    seen.merge(what, 1, Integer::sum);
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private void hold(boolean holds, String otherwise, Object... details) {
    if (!holds) {
      broken.add(otherwise.formatted(details));
    }
  }

  private void checkRun(Ground ground, List<Trace.Call> calls) throws IOException {
    Path folder = ground.folder().toRealPath();
    Set<String> unflushed = new HashSet<>();
    Map<String, String> unsynced = new HashMap<>();
    for (Trace.Call call : calls) {
      if (!call.succeeded()) {
        continue;
      }
      switch (call.name()) {
        case "openat" -> {
          boolean kept = call.mentions("events.jsonl\"") || call.mentions("state.json\"");
          hold(!(kept && call.mentions("O_TRUNC")), "opened with O_TRUNC: %s", call.arguments());
        }
        case "write", "pwrite64", "sendto" -> {
          String file = openFile(call);
          if (file.startsWith(folder.toString())) {
            unflushed.add(file);
          }
          write(call, file);
        }
        case "fsync", "fdatasync" -> {
          String file = openFile(call);
          unflushed.remove(file);
          unsynced.values().removeIf(above -> above.equals(file));
          if (file.endsWith("/events.jsonl")) {
            durable = written;
            durableSeq = writtenSeq;
          }
        }
        case "rename", "renameat", "renameat2" -> {
          List<Path> names = names(call, folder);
          if (names.size() < 2 || !names.get(1).startsWith(folder) || isMadeAgain(names.get(1))) {
            continue;
          }
          Path to = names.get(1);
          count("replaced");
          hold(
              !unflushed.contains(names.getFirst().toString()),
              "%s takes its place before it is flushed",
              to);
          if (to.startsWith(folder.resolve("work"))) {
            count("edit");
            hold(durable.equals("tool.called"), "%s is changed after %s", to, durable);
          } else {
            unsynced.put(to.toString(), String.valueOf(to.getParent()));
          }
        }
        default -> {
          // Not asked for.
        }
      }
    }
    hold(unsynced.isEmpty(), "folders not flushed after a file was replaced in them: %s", unsynced);
    hold(durableSeq == writtenSeq, "the last events were not flushed");
    checkArtifacts(calls, folder);
  }

  /** What is only there for speed: a broken one is made again from what was flushed. */
  private static boolean isMadeAgain(Path file) {
    return file.toString().contains("/checkpoints.git/")
        && (file.toString().endsWith(".idx") || file.toString().contains("/checkpoints.git/stat/"));
  }

  private void write(Trace.Call call, String file) {
    if (file.endsWith("/events.jsonl")) {
      count("event");
      Matcher seq = SEQ.matcher(call.arguments());
      while (seq.find()) {
        writtenSeq = Long.parseLong(seq.group(1));
      }
      Matcher type = TYPE.matcher(call.arguments());
      while (type.find()) {
        written = type.group(1);
      }
    } else if (file.endsWith("/state.json.tmp")) {
      Matcher seq = LAST_SEQ.matcher(call.arguments());
      if (seq.find()) {
        count("state");
        long named = Long.parseLong(seq.group(1));
        hold(named <= durableSeq, "state of event %d, durable is %d", named, durableSeq);
      }
    } else if (call.mentions("\"POST /v1/messages")) {
      count("question");
      hold(durable.equals("model.asked"), "asked after %s was durable", durable);
      hold(durableSeq == writtenSeq, "asked before event %d was durable", writtenSeq);
    } else if (call.mentions("/hook.sh ") && file.startsWith("pipe:")) {
      count("hook");
      hold(durable.equals("hook.started"), "hook started after %s was durable", durable);
      hold(durableSeq == writtenSeq, "hook started before event %d was durable", writtenSeq);
    }
  }

  /** A body is durable, its folder included, before the event that names it is written. */
  private void checkArtifacts(List<Trace.Call> calls, Path folder) {
    Map<String, String> unsynced = new HashMap<>();
    for (Trace.Call call : calls) {
      if (call.name().startsWith("rename") && call.succeeded()) {
        List<Path> names = names(call, folder);
        if (names.size() == 2 && names.get(1).toString().contains("/artifacts/sha256/")) {
          Path file = names.get(1);
          Path above = file.resolveSibling("").normalize();
          unsynced.put("" + above.getFileName() + file.getFileName(), above.toString());
        }
      } else if (call.name().equals("fsync") || call.name().equals("fdatasync")) {
        unsynced.values().removeIf(above -> above.equals(openFile(call)));
      } else if (openFile(call).endsWith("/events.jsonl")) {
        unsynced
            .keySet()
            .forEach(digest ->
                hold(!call.mentions(digest), "an event names %s before it is durable", digest));
      }
    }
  }

  private static String openFile(Trace.Call call) {
    Matcher file = OPEN_FILE.matcher(call.arguments());
    return file.find() ? file.group(1) : "";
  }

  private static List<Path> names(Trace.Call call, Path folder) {
    List<Path> names = new ArrayList<>();
    if (call.name().equals("rename")) {
      Matcher name = NAME.matcher(call.arguments());
      while (name.find()) {
        names.add(folder.resolve(name.group(1)).normalize());
      }
    } else {
      Matcher name = FOLDER_AND_NAME.matcher(call.arguments());
      while (name.find()) {
        names.add(Path.of(name.group(1)).resolve(name.group(2)).normalize());
      }
    }
    return names;
  }
}
