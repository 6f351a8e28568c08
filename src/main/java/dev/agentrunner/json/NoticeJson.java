package dev.agentrunner.json;

import dev.agentrunner.core.report.Notice;
import java.io.IOException;
import java.util.Locale;

/**
 * A notice as programs read it:
 *
 * <pre>
 * {"type":"limit",                      end, failure, need or limit
 *  "timestamp":"2026-11-21T10:15:30.123Z",
 *  "data":{"v":1,"run":"20261121-101500-7f3a","seq":42,"tasks_file":"tasks.yml",
 *          "task":"T1","title":"…","message":"…","resume_at":"…"}}
 * </pre>
 */
public final class NoticeJson {

  private static final int VERSION = 1;

  private NoticeJson() {}

  public static byte[] write(Notice notice) {
    return JsonWriter.bytes(
        notice,
        (out, told) ->
            out.text("type", told.occasion().name().toLowerCase(Locale.ROOT))
                .text("timestamp", Timestamps.millis(told.at()))
                .object("data", told, NoticeJson::data),
        Bodies.INLINE);
  }

  private static void data(JsonWriter out, Notice told) throws IOException {
    out.number("v", VERSION)
        .text("run", told.run().value())
        .number("seq", told.seq())
        .text("tasks_file", told.list())
        .textIfAny("task", told.task().map(task -> task.value()))
        .text("title", told.title())
        .text("message", told.message())
        .timeIfAny("resume_at", told.resumeAt());
  }
}
