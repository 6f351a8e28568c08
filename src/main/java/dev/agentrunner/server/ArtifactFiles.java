package dev.agentrunner.server;

import dev.agentrunner.core.queue.ApiKey.Scope;
import dev.agentrunner.core.queue.ArtifactRecord;
import dev.agentrunner.core.queue.RunRecord;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.RunStore;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What runs left behind, to be listed and fetched, whole or in part. */
final class ArtifactFiles implements Resource {

  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");
  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

  private final RunStore store;
  private final Shelf shelf;

  ArtifactFiles(RunStore store, Shelf shelf) {
    this.store = store;
    this.shelf = shelf;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/runs/{id}/artifacts", Scope.READ, this::list),
        Route.get("/runs/{id}/artifacts/{artifact}", Scope.READ, this::describe),
        Route.get("/runs/{id}/artifacts/{artifact}/download", Scope.READ, this::download)
            .producing(Route.ANY));
  }

  private Answer list(Call call) {
    RunRecord run = Runs.run(store, call);
    return Answer.json(
        200,
        store.artifacts(run.id()),
        (out, all) -> out.objects("artifacts", all, Shown::artifact));
  }

  private Answer describe(Call call) {
    return Answer.json(200, artifact(call), Shown::artifact);
  }

  private ArtifactRecord artifact(Call call) {
    RunRecord run = Runs.run(store, call);
    return store
        .artifact(run.id(), call.place("artifact"))
        .orElseThrow(
            () -> new ProblemException(Problem.notFound("The run has no artifact of that id.")));
  }

  /**
   * A part of a file.
   *
   * @param to the last byte, included
   */
  private record Part(long from, long to) {

    long length() {
      return to - from + 1;
    }
  }

  private Answer download(Call call) {
    ArtifactRecord artifact = artifact(call);
    String tag = "\"" + artifact.sha256() + "\"";
    if (Versions.isKnown(call, tag)) {
      return Answer.empty(304).with("ETag", tag);
    }
    Optional<Part> part = part(call, tag, artifact.size());
    Part sent = part.orElse(new Part(0, artifact.size() - 1));
    InputStream bytes = open(artifact, sent.from());
    Answer answer =
        new Answer.Flowing(
                part.isPresent() ? 206 : 200,
                Map.of("Content-Type", "application/octet-stream"),
                OptionalLong.of(sent.length()),
                bytes,
                out -> copy(bytes, sent.length(), out))
            .with("ETag", tag)
            .with("Accept-Ranges", "bytes")
            .with("Cache-Control", "private, no-cache")
            .with("Content-Disposition", disposition(artifact.name()));
    return part.isEmpty()
        ? answer
        : answer.with(
            "Content-Range", "bytes %d-%d/%d".formatted(sent.from(), sent.to(), artifact.size()));
  }

  private InputStream open(ArtifactRecord artifact, long from) {
    try {
      return shelf
          .open(artifact, from)
          .orElseThrow(() ->
              new ProblemException(
                  Problem.of(410, "gone", "It is there no more", "Its bytes were removed.")));
    } catch (IOException e) {
      throw new EnvironmentException("an artifact cannot be read", e);
    }
  }

  private static void copy(InputStream bytes, long length, OutputStream out) throws IOException {
    byte[] piece = new byte[16 * 1024];
    long left = length;
    while (left > 0) {
      int read = bytes.read(piece, 0, (int) Math.min(piece.length, left));
      if (read < 0) {
        throw new EOFException("the artifact is shorter than it was");
      }
      out.write(piece, 0, read);
      left -= read;
    }
  }

  /**
   * The part that is asked for; empty for all of it, which is also the answer to several parts.
   *
   * @throws ProblemException if there is no such part
   */
  private static Optional<Part> part(Call call, String tag, long size) {
    Optional<String> range = call.header("range");
    boolean stale = call.header("if-range").map(seen -> !seen.strip().equals(tag)).orElse(false);
    Matcher asked = RANGE.matcher(range.orElse(""));
    if (stale || !asked.matches() || asked.group(1).length() + asked.group(2).length() == 0) {
      return Optional.empty();
    }
    Part part;
    if (asked.group(1).isEmpty()) {
      part = new Part(Math.max(0, size - Long.parseLong(asked.group(2))), size - 1);
    } else {
      long to = asked.group(2).isEmpty() ? size - 1 : Long.parseLong(asked.group(2));
      part = new Part(Long.parseLong(asked.group(1)), Math.min(to, size - 1));
    }
    if (part.length() <= 0) {
      throw new ProblemException(
          Problem.of(
                  416,
                  "range-not-satisfiable",
                  "There is no such part",
                  "It has %d bytes.".formatted(size))
              .withHeader("Content-Range", "bytes */" + size));
    }
    return Optional.of(part);
  }

  /** To be kept, not shown; the name as RFC 6266 and RFC 8187 have it, whatever is in it. */
  private static String disposition(String name) {
    StringBuilder plain = new StringBuilder();
    name.codePoints()
        .forEach(c -> plain.append(c < 128 && UNRESERVED.indexOf(c) >= 0 ? (char) c : '_'));
    StringBuilder encoded = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      if (b > 0 && UNRESERVED.indexOf(b) >= 0) {
        encoded.append((char) b);
      } else {
        encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return "attachment; filename=\"%s\"; filename*=UTF-8''%s".formatted(plain, encoded);
  }
}
