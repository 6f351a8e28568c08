// One run: where it is, what it does now, what it did, and what people can have it do.

import { html, useEffect, useRef, useState } from "./vendor/preact.js";
import { at, change, file, follow, get, post, idempotencyKey } from "./api.js";
import { Cost } from "./cost.js";
import { Diff } from "./diff.js";
import { Feed } from "./feed.js";
import { bytes, cost, count, duration, moment } from "./format.js";
import { emptyHistory, fold, progress } from "./history.js";
import { Dialog, Field, Labels, Said, save, Standing, Trouble, useAction, useEvery, useKeyTurn, useLoaded, useNow } from "./parts.js";
import { Timeline } from "./timeline.js";

const EVENTS_MAX = 2_000;
const SAID_MAX = 20_000;
const POLL_MS = 2_000;
const REDRAW_MS = 100;
const VIEW_MAX = 500_000;

const ENDS_SAYING = /^(model\.(replied|failed)|hook\.ended|run\.(paused|completed|failed|canceled))$/;

/** Follows a run, and redraws a few times a second at most: a long log comes all at once. */
function useStory(id) {
  const story = useRef(null);
  const keyTurn = useKeyTurn();
  const [, redraw] = useState(0);
  if (story.current?.id !== id) {
    story.current = { id, history: emptyHistory(), events: [], said: null, state: "waiting" };
  }
  useEffect(() => {
    const gone = new AbortController();
    const own = story.current;
    let due = 0;
    const changed = () => {
      due ||= setTimeout(() => {
        due = 0;
        redraw((n) => n + 1);
      }, REDRAW_MS);
    };
    const hears = {
      event(event) {
        fold(own.history, event);
        own.events.push(event);
        if (own.events.length > EVENTS_MAX * 2) {
          own.events = own.events.slice(-EVENTS_MAX);
        }
        if (ENDS_SAYING.test(event.type)) {
          own.said = null;
        }
        changed();
      },
      fleeting(type, text) {
        if (/^(model\.text|model\.thinking|hook\.output)$/.test(type)) {
          const before = own.said?.type === type ? own.said.text : "";
          own.said = { type, text: (before + text).slice(-SAID_MAX) };
          changed();
        }
      },
      state(state) {
        own.state = state;
        changed();
      },
      again() {
        Object.assign(own, { history: emptyHistory(), events: [], said: null });
        changed();
      },
    };
    follow(id, own.history.seq, hears, gone.signal);
    return () => {
      gone.abort();
      clearTimeout(due);
    };
  }, [id, keyTurn]);
  return story.current;
}

// What people can have it do

function CancelDialog({ run, onClose, onDone }) {
  const action = useAction();
  const [reason, setReason] = useState("");
  const cancel = (mode) =>
    action.run(async () => {
      await post(at`runs/${run.id}/cancel`, { mode, ...(reason.trim() ? { reason: reason.trim() } : {}) });
      onDone(mode === "force" ? "Everything of it is being ended." : "The run is being canceled.");
    });
  return html`<${Dialog} title="Cancel the run" onClose=${onClose}>
    <p>It ends for good. What is under way is given a moment to end by itself, unless you end it at once.</p>
    <${Field} id="reason" label="Reason (may be left out)">
      <input id="reason" type="text" value=${reason} onInput=${(e) => setReason(e.target.value)} />
    <//>
    <${Trouble} problem=${action.problem} />
    <div class="actions">
      <button type="button" class="danger" disabled=${action.busy} onClick=${() => cancel("graceful")}>Cancel the run</button>
      <button type="button" disabled=${action.busy} onClick=${() => cancel("force")}>End it at once</button>
      <button type="button" onClick=${onClose}>Keep it</button>
    </div>
  <//>`;
}

function RemoveDialog({ run, onClose, go }) {
  const action = useAction();
  const remove = () =>
    action.run(async () => {
      await change("DELETE", at`runs/${run.id}`);
      go("/runs");
    });
  return html`<${Dialog} title="Remove the run" onClose=${onClose}>
    <p>Its events and artifacts are removed from the server for good. Files of the project stay as they are.</p>
    <${Trouble} problem=${action.problem} />
    <div class="actions">
      <button type="button" class="danger" disabled=${action.busy} onClick=${remove}>Remove it</button>
      <button type="button" onClick=${onClose}>Keep it</button>
    </div>
  <//>`;
}

function Controls({ run, reload, go, say }) {
  const action = useAction();
  const [dialog, setDialog] = useState("");
  const over = run.phase === "over";
  const stands = ["paused", "waiting_for_quota", "waiting_for_person"].includes(run.phase);
  const retryKey = useRef(idempotencyKey());
  const tell = (what, words) =>
    action.run(async () => {
      await post(at`runs/${run.id}/${what}`);
      say(words);
      reload();
    });
  const retry = () =>
    action.run(async () => {
      const next = await post(at`runs/${run.id}/retry`, {}, { "Idempotency-Key": retryKey.current });
      go(at`/runs/${next.id}`);
    });
  return html`<div class="actions" role="group" aria-label="Have the run">
      ${!over && !stands && html`<button type="button" disabled=${action.busy} onClick=${() => tell("pause", "The run is going to stand still.")}>Pause</button>`}
      ${stands && html`<button type="button" disabled=${action.busy} onClick=${() => tell("resume", "The run is going on.")}>Resume</button>`}
      ${!over && html`<button type="button" onClick=${() => setDialog("cancel")}>Cancel</button>`}
      ${over && html`<button type="button" disabled=${action.busy} onClick=${retry}>Retry</button>`}
      ${over && html`<button type="button" onClick=${() => setDialog("remove")}>Remove</button>`}
    </div>
    <${Trouble} problem=${action.problem} />
    ${dialog === "cancel" &&
    html`<${CancelDialog} run=${run} onClose=${() => setDialog("")} onDone=${(words) => { setDialog(""); say(words); reload(); }} />`}
    ${dialog === "remove" && html`<${RemoveDialog} run=${run} onClose=${() => setDialog("")} go=${go} />`}`;
}

const CHOICES = [
  ["retry", "Try the task again"],
  ["answer", "Answer, and go on"],
  ["skip", "Leave the task out"],
  ["abort", "Give the run up"],
];

function Decision({ run, history, reload, say }) {
  const question = history.question;
  const [choice, setChoice] = useState(question?.cause === "question" ? "answer" : "retry");
  const [text, setText] = useState("");
  const [picked, setPicked] = useState("");
  const action = useAction();
  const tasks = [...history.tasks.values()];
  const open = tasks.find((one) => ["running", "failed", "pending"].includes(one.status));
  const task = picked || question?.task || open?.id || "";
  const decide = (e) => {
    e.preventDefault();
    action.run(async () => {
      await post(at`runs/${run.id}/decision`, { task, choice, ...(text.trim() ? { text } : {}) });
      say("Your decision was taken down.");
      reload();
    });
  };
  return html`<section class="decision" aria-labelledby="decision-title">
    <h2 id="decision-title">A person must decide</h2>
    <pre class="question">${question?.text ?? history.pause?.message ?? run.reason}</pre>
    <form class="form" onSubmit=${decide} aria-label="Decision">
      <${Field} id="decision-task" label="Task">
        <select id="decision-task" onChange=${(e) => setPicked(e.target.value)}>
          ${tasks.map((one) => html`<option value=${one.id} selected=${one.id === task}>${one.id}: ${one.title}</option>`)}
        </select>
      <//>
      <fieldset class="ways">
        <legend>Decision</legend>
        ${CHOICES.map(
          ([value, name]) => html`<label class="check"><input type="radio" name="choice" value=${value} checked=${choice === value}
            onChange=${() => setChoice(value)} /> ${name}</label>`,
        )}
      </fieldset>
      ${(choice === "answer" || choice === "skip") &&
      html`<${Field} id="decision-text" label=${choice === "answer" ? "Answer" : "Reason (may be left out)"}>
        <textarea id="decision-text" rows="3" required=${choice === "answer"} value=${text} onInput=${(e) => setText(e.target.value)}></textarea>
      <//>`}
      <${Trouble} problem=${action.problem} />
      <div class="actions"><button class="main" type="submit" disabled=${action.busy || !task}>Decide</button></div>
    </form>
  </section>`;
}

// What it left behind

function Artifacts({ run, all }) {
  const action = useAction();
  const [viewed, setViewed] = useState(null);
  const path = (one) => at`runs/${run}/artifacts/${one.id}/download`;
  const download = (one) => action.run(async () => save(await file(path(one)), one.name));
  const view = (one) => action.run(async () => setViewed({ name: one.name, text: await (await file(path(one))).text() }));
  if (all.length === 0) {
    return html`<p class="nothing">The run has left nothing behind yet.</p>`;
  }
  return html`<${Trouble} problem=${action.problem} />
    <table>
      <thead><tr><th scope="col">Name</th><th scope="col">Kind</th><th scope="col" class="number">Size</th><th scope="col"><span class="unseen">Actions</span></th></tr></thead>
      <tbody>
        ${all.map(
          (one) => html`<tr key=${one.id}>
            <th scope="row"><code>${one.name}</code></th>
            <td data-name="kind">${one.kind}</td>
            <td data-name="size" class="number">${bytes(one.size)}</td>
            <td class="actions tight">
              ${one.size <= VIEW_MAX && html`<button type="button" aria-label=${`View ${one.name}`} onClick=${() => view(one)}>View</button>`}
              <button type="button" aria-label=${`Save ${one.name}`} onClick=${() => download(one)}>Save</button>
            </td>
          </tr>`,
        )}
      </tbody>
    </table>
    ${viewed &&
    html`<${Dialog} title=${viewed.name} onClose=${() => setViewed(null)}>
      <pre class="view" tabindex="0">${viewed.text}</pre>
      <div class="actions"><button type="button" onClick=${() => setViewed(null)}>Close</button></div>
    <//>`}`;
}

function Told({ run, say }) {
  const [text, setText] = useState("");
  const action = useAction();
  const key = useRef(idempotencyKey());
  const tell = (e) => {
    e.preventDefault();
    action.run(async () => {
      await post(at`runs/${run.id}/messages`, { text }, { "Idempotency-Key": key.current });
      key.current = idempotencyKey();
      setText("");
      say("The agent will be told.");
    });
  };
  return html`<form class="tell" onSubmit=${tell} aria-label="Tell the agent">
    <label class="unseen" for="tell">Tell the agent</label>
    <input id="tell" type="text" required placeholder="Tell the agent something" value=${text} onInput=${(e) => setText(e.target.value)} />
    <button type="submit" disabled=${action.busy}>Tell</button>
    <${Trouble} problem=${action.problem} />
  </form>`;
}

// All of it

const TABS = [["live", "Timeline"], ["changes", "Changes"], ["artifacts", "Artifacts"], ["cost", "Cost"]];

function Tabs({ tab, pick }) {
  const bar = useRef(null);
  const key = (e) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (step) {
      const next = (TABS.findIndex(([name]) => name === tab) + step + TABS.length) % TABS.length;
      pick(TABS[next][0]);
      bar.current.querySelectorAll("button")[next].focus();
    }
  };
  return html`<div class="tabs" role="tablist" aria-label="Parts of the run" ref=${bar} onKeyDown=${key}>
    ${TABS.map(
      ([name, title]) => html`<button type="button" role="tab" id=${`tab-${name}`} aria-controls="panel" aria-selected=${tab === name ? "true" : "false"}
        tabindex=${tab === name ? 0 : -1} onClick=${() => pick(name)}>${title}</button>`,
    )}
  </div>`;
}

const Fact = ({ name, children }) => html`<div><dt>${name}</dt><dd>${children}</dd></div>`;

function Head({ run, story, usage }) {
  const now = useNow(1_000);
  const tasks = progress(story.history);
  const from = run.started_at ? Date.parse(run.started_at) : NaN;
  const to = run.ended_at ? Date.parse(run.ended_at) : now;
  return html`<dl class="facts">
    <${Fact} name="Status"><${Standing} run=${run} /><//>
    <${Fact} name="Project">${run.project}<//>
    <${Fact} name="From">${run.workflow ? html`<a href=${`#/workflows/${encodeURIComponent(run.workflow)}`}>${run.workflow} r${run.workflow_revision}</a>` : run.list}<//>
    ${tasks.total > 0 && html`<${Fact} name="Tasks">${tasks.done} of ${tasks.total} done<//>`}
    <${Fact} name="Time">${duration(Math.max(to - from, 0)) || "not begun"}<//>
    <${Fact} name="Cost">${cost(usage?.total.cost) || "none yet"}<//>
    <${Fact} name="Tokens">${count(usage?.total.total_tokens ?? 0)}<//>
    ${run.held && html`<${Fact} name="Worker">${run.held.worker}<//>`}
    ${run.resume_at && html`<${Fact} name="Goes on">${moment(run.resume_at)}<//>`}
    ${run.retry_of && html`<${Fact} name="Again for"><a href=${`#/runs/${encodeURIComponent(run.retry_of)}`}>${run.retry_of}</a><//>`}
    ${Object.keys(run.labels).length > 0 && html`<${Fact} name="Labels"><${Labels} of=${run.labels} /><//>`}
  </dl>`;
}

export function Run({ id, query, go }) {
  const story = useStory(id);
  const { value: run, problem, reload } = useLoaded((signal) => get(at`runs/${id}`, {}, signal), [id, story.state]);
  const over = run?.phase === "over";
  // Looked up again when the run has moved, once a poll at most.
  const seen = useLoaded(
    async (signal) => {
      const [steps, usage, left] = await Promise.all([
        get(at`runs/${id}/steps`, {}, signal),
        get(at`runs/${id}/usage`, {}, signal),
        get(at`runs/${id}/artifacts`, {}, signal),
      ]);
      return { steps: steps.steps, usage, artifacts: left.artifacts };
    },
    [id, run?.last_seq, run?.status],
  );
  const [said, say] = useState("");
  const settled = useRef(0);
  useEffect(() => {
    settled.current = 0;
  }, [id]);
  useEvery(POLL_MS, () => {
    // Its artifacts are put on the shelf a moment after it is over.
    if (!over || settled.current++ < 5) {
      reload();
      if (over) {
        seen.reload();
      }
    }
  });
  const tab = TABS.some(([name]) => name === query.tab) ? query.tab : "live";
  const pick = (name) => go(at`/runs/${id}`, name === "live" ? {} : { tab: name });
  const { steps = [], usage, artifacts = [] } = seen.value ?? {};
  const tasks = [...story.history.tasks.values()];
  return html`<p class="crumbs"><a href="#/runs">Runs</a></p>
    <div class="head">
      <h1 tabindex="-1" class="id">${id}</h1>
      ${run && html`<${Controls} run=${run} reload=${reload} go=${go} say=${say} />`}
    </div>
    <${Trouble} problem=${problem} />
    <${Said} text=${said || (run ? `The run is ${run.status.toLowerCase()}` : "")} />
    ${run &&
    html`<${Head} run=${run} story=${story} usage=${usage} />
      ${said && html`<p class="note">${said}</p>`}
      ${run.cancel_requested && !over && html`<p class="note">Its end was asked for.</p>`}
      ${run.reason && run.phase !== "waiting_for_person" && html`<p class=${run.status === "FAILED" ? "trouble" : "note"}>${run.reason}</p>`}
      ${run.phase === "waiting_for_person" && html`<${Decision} key=${story.history.question?.text} run=${run} history=${story.history} reload=${reload} say=${say} />`}
      <${Tabs} tab=${tab} pick=${pick} />
      <div role="tabpanel" id="panel" aria-labelledby=${`tab-${tab}`} class=${tab}>
        ${tab === "live" &&
        html`<section aria-label="Timeline"><${Timeline} tasks=${tasks} steps=${steps} live=${!over} />
            ${run.phase === "executing" && html`<${Told} run=${run} say=${say} />`}</section>
          <${Feed} events=${story.events} said=${story.said} state=${story.state} />`}
        ${tab === "changes" && html`<${Diff} run=${id} artifact=${artifacts.find((one) => one.kind === "diff")} />`}
        ${tab === "artifacts" && html`<${Artifacts} run=${id} all=${artifacts} />`}
        ${tab === "cost" && html`<${Cost} calls=${story.history.calls} usage=${usage} />`}
      </div>`}`;
}
