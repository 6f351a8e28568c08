// All runs: a table that keeps itself up to date.

import { html, useEffect, useRef, useState } from "./vendor/preact.js";
import { at, get } from "./api.js";
import { age, cost, moment, word } from "./format.js";
import { emptyHistory, fold, progress, TASK_TYPES } from "./history.js";
import { Labels, Said, Standing, Trouble, typing, useEvery, useLoaded, useNow } from "./parts.js";

const STATUSES = ["QUEUED", "RUNNING", "COMPLETED", "FAILED", "CANCELED"];
const PHASES = ["dispatching", "executing", "paused", "waiting_for_quota", "waiting_for_person", "canceling", "over"];
const PAGE = 25;
const POLL_MS = 3_000;

/** What the list of runs does not say of them, by id: tasks and cost, as far as they were looked up. */
const facts = new Map();
const FACTS_MAX = 500;

async function learn(run) {
  const fact = facts.get(run.id) ?? { history: emptyHistory(), seq: 0 };
  if (run.last_seq === fact.seq) {
    return;
  }
  let since;
  let page = { next_since_seq: fact.seq };
  do {
    since = page.next_since_seq;
    page = await get(at`runs/${run.id}/events`, { since_seq: since, limit: 1_000, types: TASK_TYPES.join(",") });
    page.events.forEach((event) => fold(fact.history, event));
  } while (since < page.next_since_seq && page.next_since_seq < page.last_seq);
  fact.seq = page.next_since_seq;
  fact.cost = (await get(at`runs/${run.id}/usage`)).total.cost;
  if (facts.size >= FACTS_MAX) {
    facts.delete(facts.keys().next().value);
  }
  facts.set(run.id, fact);
}

/** One run after the other, so that a list of many does not ask for all of them at once. */
function useFacts(runs) {
  const [, redraw] = useState(0);
  useEffect(() => {
    let gone = false;
    (async () => {
      for (const run of runs) {
        if (gone) {
          return;
        }
        if (run.last_seq !== (facts.get(run.id)?.seq ?? 0)) {
          await learn(run).catch(() => {});
          redraw((n) => n + 1);
        }
      }
    })();
    return () => {
      gone = true;
    };
  }, [runs.map((run) => `${run.id}.${run.last_seq}`).join()]);
}

function Choice({ name, label, value, all, onPick }) {
  return html`<div class="filter">
    <label for="filter-${name}">${label}</label>
    <select id="filter-${name}" value=${value} onChange=${(e) => onPick({ [name]: e.target.value })}>
      <option value="">all</option>
      ${all.map((one) => html`<option value=${one} selected=${one === value}>${word(one)}</option>`)}
    </select>
  </div>`;
}

function Filters({ query, pick }) {
  const projects = useLoaded((signal) => get("projects", {}, signal), []).value?.projects ?? [];
  return html`<form class="filters" role="search" aria-label="Runs" onSubmit=${(e) => e.preventDefault()}>
    <${Choice} name="status" label="Status" value=${query.status ?? ""} all=${STATUSES} onPick=${pick} />
    <${Choice} name="phase" label="Phase" value=${query.phase ?? ""} all=${PHASES} onPick=${pick} />
    <div class="filter">
      <label for="filter-project">Project</label>
      <select id="filter-project" onChange=${(e) => pick({ project: e.target.value })}>
        <option value="">all</option>
        ${projects.map((one) => html`<option value=${one.name} selected=${one.name === query.project}>${one.name}</option>`)}
      </select>
    </div>
    <div class="filter wide">
      <label for="filter-label">Label</label>
      <input id="filter-label" type="search" placeholder="team=core" spellcheck="false" autocomplete="off"
        value=${query.label ?? ""} onChange=${(e) => pick({ label: e.target.value.trim() })} />
    </div>
  </form>`;
}

function Row({ run, now, pick }) {
  const fact = facts.get(run.id);
  const tasks = fact && progress(fact.history);
  return html`<tr>
    <td><${Standing} run=${run} /></td>
    <th scope="row">
      <a class="run-link" href=${`#/runs/${encodeURIComponent(run.id)}`}>${run.id}</a>
      <span class="quiet of-run">${run.workflow ? `${run.workflow} r${run.workflow_revision}` : run.list}</span>
    </th>
    <td data-name="project">${run.project}</td>
    <td data-name="labels"><${Labels} of=${run.labels} onPick=${(name, value) => pick({ label: `${name}=${value}` })} /></td>
    <td data-name="tasks" class="number">${tasks?.total > 0 ? `${tasks.done}/${tasks.total}` : ""}</td>
    <td data-name="cost" class="number">${cost(fact?.cost)}</td>
    <td data-name="age" class="number" title=${moment(run.created_at)}>${age(run.created_at, now)}</td>
  </tr>`;
}

/** j and k go through the links of the table. */
function useRowKeys(table) {
  useEffect(() => {
    const move = (e) => {
      if (typing(e.target) || e.ctrlKey || e.metaKey || e.altKey || (e.key !== "j" && e.key !== "k")) {
        return;
      }
      const links = [...(table.current?.querySelectorAll(".run-link") ?? [])];
      const here = links.indexOf(document.activeElement);
      const next = e.key === "j" ? Math.min(here + 1, links.length - 1) : Math.max(here - 1, 0);
      links[next]?.focus();
    };
    document.addEventListener("keydown", move);
    return () => document.removeEventListener("keydown", move);
  }, []);
}

export function Runs({ query, go }) {
  const [cursors, setCursors] = useState([]);
  const filter = { status: query.status, phase: query.phase, project: query.project, label: query.label };
  const asked = JSON.stringify(filter);
  const { value, problem, reload } = useLoaded(
    (signal) => get("runs", { ...filter, limit: PAGE, cursor: cursors.at(-1) }, signal),
    [asked, cursors.at(-1)],
  );
  const table = useRef(null);
  const now = useNow(10_000);
  const runs = value?.runs ?? [];
  useEvery(POLL_MS, reload);
  useFacts(runs);
  useRowKeys(table);
  const pick = (change) => {
    setCursors([]);
    go("/runs", { ...query, ...change });
  };
  return html`<div class="head"><h1 tabindex="-1">Runs</h1><a class="button main" href="#/new">New run</a></div>
    <${Filters} query=${query} pick=${pick} />
    <${Trouble} problem=${problem} />
    <${Said} text=${value ? `${runs.length} runs shown` : ""} />
    ${value && runs.length === 0 &&
    html`<p class="nothing">${asked === "{}" ? "There are no runs yet." : "No run is like that."} <a href="#/new">Start one</a>, or press n.</p>`}
    ${runs.length > 0 &&
    html`<table class="runs" ref=${table}>
      <thead><tr>
        <th scope="col">Status</th><th scope="col">Run</th><th scope="col">Project</th><th scope="col">Labels</th>
        <th scope="col" class="number">Tasks</th><th scope="col" class="number">Cost</th><th scope="col" class="number">Age</th>
      </tr></thead>
      <tbody>${runs.map((run) => html`<${Row} key=${run.id} run=${run} now=${now} pick=${pick} />`)}</tbody>
    </table>`}
    <nav class="pages" aria-label="Pages">
      ${cursors.length > 0 && html`<button type="button" onClick=${() => setCursors(cursors.slice(0, -1))}>Newer</button>`}
      ${value?.next_cursor && html`<button type="button" onClick=${() => setCursors([...cursors, value.next_cursor])}>Older</button>`}
    </nav>`;
}
