// Tasks, their attempts and steps, each with a bar for when it was and how long it took.

import { html } from "./vendor/preact.js";
import { duration } from "./format.js";
import { Badge, useNow } from "./parts.js";

const KINDS = { hook: "hook", model: "model", tool: "tool", commit: "commit", push: "push", approval: "asked" };

function span(steps, now) {
  const from = Math.min(...steps.map((step) => Date.parse(step.started_at)));
  const to = Math.max(...steps.map((step) => end(step, now)));
  return { from, length: Math.max(to - from, 1) };
}

const end = (step, now) => (step.ended_at ? Date.parse(step.ended_at) : Math.max(now, Date.parse(step.started_at)));

function Bar({ step, now, whole }) {
  const from = Date.parse(step.started_at);
  const left = ((from - whole.from) / whole.length) * 100;
  const width = ((end(step, now) - from) / whole.length) * 100;
  return html`<span class="track" aria-hidden="true">
    <span class=${`bar ${step.kind} ${step.status}`} style=${{ left: `${Math.min(left, 99.5)}%`, width: `${width}%` }}></span>
  </span>`;
}

function Step({ step, now, whole }) {
  const took = duration(end(step, now) - Date.parse(step.started_at));
  return html`<li class=${`step ${step.status}`}>
    <span class="kind">${KINDS[step.kind] ?? step.kind}</span>
    <span class="name">${step.name}${step.status !== "completed" && html`<em class=${step.status}> ${step.status}</em>`}</span>
    <${Bar} step=${step} now=${now} whole=${whole} />
    <span class="took">${took}</span>
  </li>`;
}

const attemptsOf = (steps) => {
  const attempts = new Map();
  for (const step of steps) {
    if (!attempts.has(step.attempt)) {
      attempts.set(step.attempt, []);
    }
    attempts.get(step.attempt).push(step);
  }
  return [...attempts];
};

function Task({ task, steps, now, whole }) {
  const mine = steps.filter((step) => step.task === task.id);
  const took = mine.length > 0 ? duration(span(mine, now).length) : "";
  return html`<li class="task">
    <div class="task-head">
      <${Badge} of=${task.status} />
      <h3>${task.title}</h3>
      <span class="quiet">${task.id}${took && `, ${took}`}</span>
    </div>
    ${task.remark && html`<p class="remark">${task.remark}</p>`}
    ${attemptsOf(mine).map(
      ([attempt, all]) => html`<div class="attempt">
        ${attempt > 0 && html`<h4>Attempt ${attempt}</h4>`}
        <ol class="steps">${all.map((step) => html`<${Step} key=${step.number} step=${step} now=${now} whole=${whole} />`)}</ol>
      </div>`,
    )}
  </li>`;
}

export function Timeline({ tasks, steps, live }) {
  const ticking = useNow(live ? 1_000 : 60_000);
  if (tasks.length === 0) {
    return html`<p class="nothing">Nothing has happened yet.</p>`;
  }
  const whole = steps.length > 0 ? span(steps, ticking) : { from: 0, length: 1 };
  return html`<ol class="tasks">
    ${tasks.map((task) => html`<${Task} key=${task.id} task=${task} steps=${steps} now=${ticking} whole=${whole} />`)}
  </ol>`;
}
