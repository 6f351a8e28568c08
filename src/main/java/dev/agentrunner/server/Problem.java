package dev.agentrunner.server;

import dev.agentrunner.json.Bodies;
import dev.agentrunner.json.JsonWriter;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Why a request was not done, as RFC 9457 draws it.
 *
 * <pre>
 * {"type":"urn:agent-runner:problem:invalid-body", "title":"…", "status":400, "detail":"…",
 *  "code":"invalid-body", "errors":[{"pointer":"/labels/x","detail":"…","line":3,"column":7}],
 *  "trace_id":"…"}
 * </pre>
 *
 * @param code stable, for programs
 * @param title the same for every problem of that code
 * @param detail what is wrong this time and how to mend it; no secrets, nothing of our insides
 * @param more members beside the usual ones
 */
record Problem(
    int status,
    String code,
    String title,
    String detail,
    List<Fault> errors,
    Map<String, String> headers,
    Map<String, Object> more) {

  static final String MEDIA_TYPE = "application/problem+json";

  Problem {
    errors = List.copyOf(errors);
    headers = Map.copyOf(headers);
    more = Map.copyOf(more);
  }

  static Problem of(int status, String code, String title, String detail) {
    return new Problem(status, code, title, detail, List.of(), Map.of(), Map.of());
  }

  static Problem badRequest(String detail) {
    return of(400, "bad-request", "The request cannot be understood", detail);
  }

  static Problem invalidBody(List<Fault> faults) {
    return of(400, "invalid-body", "The body is not what is asked for", first(faults)).with(faults);
  }

  static Problem invalidContent(List<Fault> faults) {
    return of(422, "invalid-content", "What the body says cannot be done", first(faults))
        .with(faults);
  }

  static Problem notFound(String detail) {
    return of(404, "not-found", "There is no such thing", detail);
  }

  static Problem conflict(String code, String detail) {
    return of(409, code, "It does not go with how things stand", detail);
  }

  private static String first(List<Fault> faults) {
    return faults.isEmpty() ? "" : faults.getFirst().detail();
  }

  private Problem with(List<Fault> faults) {
    return new Problem(status, code, title, detail, faults, headers, more);
  }

  Problem with(String member, Object value) {
    Map<String, Object> all = new LinkedHashMap<>(more);
    all.put(member, value);
    return new Problem(status, code, title, detail, errors, headers, all);
  }

  Problem withHeader(String name, String value) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put(name, value);
    return new Problem(status, code, title, detail, errors, all, more);
  }

  byte[] json(String trace) {
    return JsonWriter.bytes(this, (out, problem) -> problem.write(out, trace), Bodies.INLINE);
  }

  private void write(JsonWriter out, String trace) throws IOException {
    out.text("type", "urn:agent-runner:problem:" + code)
        .text("title", title)
        .number("status", status)
        .text("detail", detail)
        .text("code", code)
        .objects("errors", errors, Problem::fault);
    for (Map.Entry<String, Object> member : more.entrySet()) {
      switch (member.getValue()) {
        case Long number -> out.number(member.getKey(), number);
        case Object other -> out.text(member.getKey(), other.toString());
      }
    }
    out.text("trace_id", trace);
  }

  private static void fault(JsonWriter out, Fault fault) throws IOException {
    out.text("pointer", fault.pointer()).text("detail", fault.detail());
    if (fault.line() > 0) {
      out.number("line", fault.line()).number("column", fault.column());
    }
  }

  Answer answer(String trace) {
    Answer answer = Answer.whole(status, MEDIA_TYPE, json(trace));
    for (Map.Entry<String, String> header : headers.entrySet()) {
      answer = answer.with(header.getKey(), header.getValue());
    }
    return answer;
  }
}
