// What a run's events say of its tasks, and of what a person is asked.

export const emptyHistory = () => ({ seq: 0, tasks: new Map(), question: null, pause: null, calls: [] });

/** Events that folding looks at, for those who need no others. */
export const TASK_TYPES = [
  "run.started", "run.resumed", "task.started", "task.completed", "task.failed", "task.skipped", "task.reopened",
  "task.blocked", "attempt.started",
];

function plan(history, planned) {
  const before = history.tasks.get(planned.id);
  history.tasks.set(planned.id, {
    attempts: 0,
    remark: "",
    ...before,
    id: planned.id,
    title: planned.title,
    status: planned.done_in ? "done" : (before?.status ?? "pending"),
  });
}

function settle(history, event, status, remark = "") {
  const task = history.tasks.get(event.task);
  if (task) {
    Object.assign(task, { status, remark, ended: event.at });
  }
}

const first = (text) => text.split("\n", 1)[0];

function answered(history, event) {
  history.question = null;
  if (history.tasks.get(event.task)?.status === "waiting for person") {
    settle(history, event, "running");
  }
}

function spent(history, event) {
  const usage = event.data.reply?.usage ?? event.data.usage;
  history.calls.push({
    at: event.at,
    task: event.task,
    turn: event.data.turn,
    micros: usage.cost.micros,
    tokens: usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens + usage.output_tokens,
  });
}

/** Adds one event; those that were added before are passed over. */
export function fold(history, event) {
  if (event.seq <= history.seq) {
    return;
  }
  history.seq = event.seq;
  const data = event.data;
  switch (event.type) {
    case "run.started":
      data.tasks.forEach((task) => plan(history, task));
      break;
    case "run.resumed":
      data.changed.forEach((task) => plan(history, task));
      history.pause = null;
      break;
    case "run.paused":
      history.pause = data;
      break;
    case "task.started":
      settle(history, event, "running");
      break;
    case "task.completed":
      settle(history, event, "completed", data.verified ? data.summary : `${data.summary} (not verified)`);
      break;
    case "task.failed":
      settle(history, event, "failed", data.reason);
      break;
    case "task.skipped":
      settle(history, event, "skipped", data.reason);
      break;
    case "task.blocked":
      settle(history, event, "blocked", `waits for ${data.by}, which is not going to be done`);
      break;
    case "task.reopened":
      settle(history, event, "pending");
      break;
    case "attempt.started": {
      const task = history.tasks.get(event.task);
      if (task) {
        task.attempts = event.attempt;
      }
      break;
    }
    case "escalation.raised":
      settle(history, event, "waiting for person", first(data.escalation.summary));
      history.question = { task: data.escalation.task, cause: data.escalation.cause, text: data.escalation.summary };
      break;
    case "approval.requested":
      history.question = { task: event.task, cause: "approval", text: `${data.shown}\n${data.why}` };
      break;
    case "person.answered":
      // Put off is not answered.
      if (data.decision !== "park") {
        answered(history, event);
      }
      break;
    case "approval.given":
    case "question.answered":
      answered(history, event);
      break;
    case "model.replied":
    case "model.failed":
      spent(history, event);
      break;
    default:
      break;
  }
}

export function progress(history) {
  const all = [...history.tasks.values()];
  const done = all.filter((task) => ["completed", "done", "skipped"].includes(task.status)).length;
  return { done, total: all.length };
}
