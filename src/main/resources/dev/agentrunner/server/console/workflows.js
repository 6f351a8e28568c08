// Workflows and their revisions.

import { html, useEffect, useState } from "./vendor/preact.js";
import { at, change, get, post } from "./api.js";
import { moment } from "./format.js";
import { Editor, Field, Trouble, useAction, useLoaded } from "./parts.js";

const BEGINNING = `version: 1
description: What it is good for.
inputs:
  goal: {description: "What is to change, in words"}
steps:
  - id: change
    agent: "{{inputs.goal}}"
`;

export function Workflows() {
  const { value, problem } = useLoaded((signal) => get("workflows", {}, signal), []);
  const all = value?.workflows ?? [];
  return html`<div class="head"><h1 tabindex="-1">Workflows</h1><a class="button main" href="#/workflows/+new">New workflow</a></div>
    <${Trouble} problem=${problem} />
    ${value && all.length === 0 && html`<p class="nothing">There are no workflows yet.</p>`}
    ${all.length > 0 &&
    html`<table>
      <thead><tr><th scope="col">Name</th><th scope="col" class="number">Revision</th><th scope="col">Since</th><th scope="col"><span class="unseen">Actions</span></th></tr></thead>
      <tbody>
        ${all.map(
          (one) => html`<tr key=${one.name}>
            <th scope="row"><a href=${`#/workflows/${encodeURIComponent(one.name)}`}>${one.name}</a></th>
            <td data-name="revision" class="number">${one.revision}</td>
            <td data-name="since">${moment(one.created_at)}</td>
            <td><a class="button" href=${`#/new?workflow=${encodeURIComponent(one.name)}`} aria-label=${`Run ${one.name}`}>Run</a></td>
          </tr>`,
        )}
      </tbody>
    </table>`}`;
}

/** Looks a source over. */
function useVerdict() {
  const action = useAction();
  const [checked, setChecked] = useState(false);
  return {
    ...action,
    checked,
    forget: () => {
      setChecked(false);
      action.clear();
    },
    check: (source) =>
      action.run(async () => {
        setChecked(false);
        try {
          await post("workflows/validate", { source });
        } finally {
          setChecked(true);
        }
      }),
  };
}

const spotted = (problem) => problem?.errors?.some((fault) => fault.line > 0);

export function NewWorkflow({ go }) {
  const [name, setName] = useState("");
  const [source, setSource] = useState(BEGINNING);
  const verdict = useVerdict();
  const action = useAction();
  const add = (e) => {
    e.preventDefault();
    verdict.forget();
    action.run(async () => {
      const added = await post("workflows", { name, source });
      go(at`/workflows/${added.name}`);
    });
  };
  const problem = action.problem ?? verdict.problem;
  return html`<p class="crumbs"><a href="#/workflows">Workflows</a></p>
    <h1 tabindex="-1">New workflow</h1>
    <form class="form" onSubmit=${add} aria-label="New workflow">
      <${Field} id="name" label="Name" hint="Letters, digits, dot, _ and -">
        <input id="name" type="text" required spellcheck="false" autocomplete="off" aria-describedby="name-hint" value=${name} onInput=${(e) => setName(e.target.value)} />
      <//>
      <${Editor} id="source" label="Source" value=${source} onInput=${(text) => { setSource(text); verdict.forget(); action.clear(); }}
        problem=${spotted(problem) ? problem : null} checked=${verdict.checked && !problem} />
      ${!spotted(problem) && html`<${Trouble} problem=${problem} />`}
      <div class="actions">
        <button class="main" type="submit" disabled=${action.busy}>Add</button>
        <button type="button" disabled=${verdict.busy} onClick=${() => { action.clear(); verdict.check(source); }}>Check</button>
      </div>
    </form>`;
}

export function Workflow({ name, query, go }) {
  const revisions = useLoaded((signal) => get(at`workflows/${name}/revisions`, {}, signal), [name]);
  const newest = revisions.value?.revisions[0]?.revision;
  const shown = Number(query.revision) || newest;
  const path = at`workflows/${name}/revisions/${shown}`;
  const loaded = useLoaded(async (signal) => (shown ? get(path, {}, signal) : null), [name, shown]);
  const [draft, setDraft] = useState(null);
  const [note, setNote] = useState("");
  const verdict = useVerdict();
  const action = useAction();
  useEffect(() => {
    setDraft(null);
    verdict.forget();
    action.clear();
  }, [name, shown]);
  const source = draft ?? loaded.value?.source ?? "";
  const save = (e) => {
    e.preventDefault();
    verdict.forget();
    setNote("");
    action.run(async () => {
      const next = await change("PUT", at`workflows/${name}`, { source }, { "If-Match": `"${newest}"` });
      setDraft(null);
      setNote(`This is revision ${next.revision} now.`);
      revisions.reload();
      go(at`/workflows/${name}`);
    });
  };
  const problem = action.problem ?? verdict.problem;
  return html`<p class="crumbs"><a href="#/workflows">Workflows</a></p>
    <div class="head"><h1 tabindex="-1">${name}</h1><a class="button main" href=${`#/new?workflow=${encodeURIComponent(name)}`}>Run</a></div>
    <${Trouble} problem=${revisions.problem ?? loaded.problem} />
    ${note && html`<p class="note" role="status">${note}</p>`}
    <form class="form wide" onSubmit=${save} aria-label="Source">
      <${Field} id="revision" label="Revision">
        <select id="revision" onChange=${(e) => go(at`/workflows/${name}`, Number(e.target.value) === newest ? {} : { revision: e.target.value })}>
          ${(revisions.value?.revisions ?? []).map(
            (one) => html`<option value=${one.revision} selected=${one.revision === shown}>${one.revision}, ${moment(one.created_at)}</option>`,
          )}
        </select>
      <//>
      <${Editor} id="source" label="Source" rows=${22} value=${source} onInput=${(text) => { setDraft(text); verdict.forget(); action.clear(); }}
        problem=${spotted(problem) ? problem : null} checked=${verdict.checked && !problem} />
      ${!spotted(problem) && html`<${Trouble} problem=${problem} />`}
      <div class="actions">
        <button class="main" type="submit" disabled=${action.busy || (draft === null && shown === newest)}>Save as a new revision</button>
        <button type="button" disabled=${verdict.busy} onClick=${() => { action.clear(); verdict.check(source); }}>Check</button>
      </div>
    </form>`;
}
