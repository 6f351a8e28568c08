// Events as they come, and what an agent or a hook says meanwhile.

import { html, useEffect, useRef, useState } from "./vendor/preact.js";
import { clock, cost, duration, isoMs } from "./format.js";

const SHOWN_MAX = 500;

const first = (text) => String(text ?? "").split("\n", 1)[0];

/** What a tool says is in quotes of its own where strangers wrote it. */
const returned = ({ result }) => {
  const lines = String(result.text).trim().split("\n").filter((line) => !/^<\/?untrusted /.test(line));
  const more = lines.length > 1 ? ` (${lines.length} lines)` : "";
  return `${result.name}${result.failed ? " failed" : ""}: ${lines[0] ?? ""}${more}`;
};

const replied = ({ reply }) => {
  const said = reply.parts.filter((part) => part.kind === "text").map((part) => part.text).join(" ");
  const calls = reply.parts.filter((part) => part.name).map((part) => part.name).join(", ");
  return [said, calls && `calls ${calls}`, reply.usage.cost.micros > 0 && cost(reply.usage.cost)].filter(Boolean).join("; ");
};

const ended = ({ result }) => {
  const how = { exited: `exit ${result.end.code}`, timed_out: "timed out", not_started: result.end.why, interrupted: "interrupted" };
  return `${how[result.end.kind] ?? result.end.kind}, ${duration(isoMs(result.took))}`;
};

const SAYS = {
  "run.started": (d) => `${d.tasks.length === 1 ? "1 task" : `${d.tasks.length} tasks`} with ${d.provider}`,
  "run.resumed": (d) => d.decision,
  "run.paused": (d) => d.message || d.reason,
  "run.warned": (d) => d.message,
  "run.failed": (d) => d.reason,
  "run.canceled": (d) => d.reason,
  "task.completed": (d) => d.summary,
  "task.failed": (d) => d.reason,
  "task.skipped": (d) => d.reason,
  "task.blocked": (d) => `by ${d.by}`,
  "attempt.started": (d) => (d.model && d.model !== d.provider ? `${d.provider}, ${d.model}` : d.provider),
  "attempt.failed": (d) => d.reason,
  "agent.finished": (d) => d.summary,
  "checkpoint.taken": (d) => d.when,
  "hook.started": (d) => `${d.stage} ${d.hook}: ${d.command ?? ""}`,
  "hook.ended": (d) => `${d.stage} ${d.hook}: ${ended(d)}`,
  "hook.skipped": (d) => `${d.hook}: ${d.reason}`,
  "hook.waived": (d) => `${d.hook}: ${d.reason}`,
  "model.asked": (d) => `turn ${d.turn}`,
  "model.replied": replied,
  "model.failed": (d) => d.failure.message,
  "provider.switched": (d) => `${d.from} to ${d.provider}: ${d.reason}`,
  "tool.called": (d) => [d.name, ...d.changes.map((change) => change.path)].join(" "),
  "tool.returned": returned,
  "edit.applied": (d) => d.changes.map((change) => change.path).join(", "),
  "edit.refused": (d) => `${d.path}: ${first(d.result.text)}`,
  "approval.requested": (d) => `${first(d.shown)}: ${d.why}`,
  "approval.given": (d) => `${d.verdict} by ${d.by}`,
  "escalation.raised": (d) => first(d.escalation.summary),
  "person.answered": (d) => `${d.decision} by ${d.by}`,
  "question.answered": (d) => d.text,
  "git.committed": (d) => `${d.commit.slice(0, 10)} on ${d.branch}`,
  "git.pushed": (d) => `${d.branch} to ${d.remote}`,
  "git.declined": (d) => `${d.step}: ${d.reason}`,
};

const says = (event) => {
  try {
    return SAYS[event.type]?.(event.data) ?? "";
  } catch {
    // A newer server may say it in another way.
    return "";
  }
};

function tone({ type, data }) {
  if (/failed|refused|declined|raised|warned/.test(type) || data.result?.failed || data.result?.end?.code > 0) {
    return "bad";
  }
  return /completed|committed|pushed/.test(type) ? "good" : "";
}

function Line({ event }) {
  return html`<li class=${tone(event)}>
    <details>
      <summary>
        <time datetime=${event.at}>${clock(event.at)}</time>
        <span class="type">${event.type}</span>
        ${event.task && html`<span class="quiet">${event.task}</span>`}
        <span class="says">${says(event)}</span>
      </summary>
      <pre tabindex="0">${JSON.stringify(event, null, 2)}</pre>
    </details>
  </li>`;
}

const STATES = {
  live: "Live",
  waiting: "The connection broke; coming back",
  over: "The run is over",
  removed: "The run was removed",
  key_expired: "The key opens nothing any more",
};

/**
 * @param said what is streamed now: its type and text
 */
export function Feed({ events, said, state }) {
  const box = useRef(null);
  const [following, setFollowing] = useState(true);
  useEffect(() => {
    if (following && box.current) {
      box.current.scrollTop = box.current.scrollHeight;
    }
  }, [events.length, said?.text, following]);
  const left = events.length - SHOWN_MAX;
  return html`<section class="feed" aria-labelledby="feed-title">
    <div class="head">
      <h2 id="feed-title">Events</h2>
      <span class=${`state ${state}`} role="status">${STATES[state] ?? state}</span>
      <label class="check"><input type="checkbox" checked=${following} onChange=${(e) => setFollowing(e.target.checked)} /> Follow</label>
    </div>
    <div class="lines" ref=${box} tabindex="0" role="log" aria-live="off" aria-label="Events of the run">
      ${left > 0 && html`<p class="quiet">${left} earlier events are not shown.</p>`}
      <ol>${events.slice(-SHOWN_MAX).map((event) => html`<${Line} key=${event.seq} event=${event} />`)}</ol>
      ${said && html`<div class="said"><h3>${said.type === "hook.output" ? "A hook prints" : "The agent says"}</h3><pre>${said.text}</pre></div>`}
    </div>
  </section>`;
}
