// Asks for a run: in words, as a task list, or by a workflow.

import { html, useEffect, useRef, useState } from "./vendor/preact.js";
import { at, get, idempotencyKey, post, Problem } from "./api.js";
import { Editor, Field, Trouble, useAction, useLoaded } from "./parts.js";

const CHECK_MS = 700;

const WAYS = [
  ["goal", "In words"],
  ["tasks", "A task list"],
  ["workflow", "A workflow"],
];

const BEGINNING = `version: 1
tasks:
  - id: first
    title: What is to be done
`;

/** From lines such as team=core; those that are none are told. */
function pairs(text, what) {
  const all = {};
  for (const line of text.split(/[\n,]/).map((one) => one.trim()).filter(Boolean)) {
    const equals = line.indexOf("=");
    if (equals < 1) {
      throw new Problem({ title: `A ${what} is missing its value`, detail: `Write ${what}s as name=value; "${line}" is none.` });
    }
    all[line.slice(0, equals).trim()] = line.slice(equals + 1).trim();
  }
  return all;
}

function Input({ input, value, onInput }) {
  const id = `input-${input.name}`;
  const required = input.default === undefined;
  const hint = [input.description, required ? "" : `Default: ${input.default || "empty"}`].filter(Boolean).join(". ");
  const choices = input.type === "boolean" ? ["true", "false"] : input.choices;
  return html`<${Field} id=${id} label=${`${input.name}${required ? " (needed)" : ""}`} hint=${hint}>
    ${choices.length > 0
      ? html`<select id=${id} aria-describedby=${`${id}-hint`} onChange=${(e) => onInput(e.target.value)}>
          ${required && html`<option value="">choose</option>`}
          ${choices.map((one) => html`<option value=${one} selected=${one === (value ?? input.default)}>${one}</option>`)}
        </select>`
      : html`<input id=${id} type="text" inputmode=${input.type === "integer" ? "numeric" : "text"} required=${required}
          aria-describedby=${`${id}-hint`} placeholder=${input.default ?? ""} value=${value ?? ""} onInput=${(e) => onInput(e.target.value)} />`}
  <//>`;
}

function WorkflowForm({ form, set }) {
  const { value: list, problem } = useLoaded((signal) => get("workflows", {}, signal), []);
  const all = list?.workflows ?? [];
  const chosen = all.find((one) => one.name === form.workflow) ?? all[0];
  const { value: revisions } = useLoaded(
    async (signal) => (chosen ? (await get(at`workflows/${chosen.name}/revisions`, {}, signal)).revisions : []),
    [chosen?.name],
  );
  const revision = form.revision || chosen?.revision;
  const { value: asked, problem: refused } = useLoaded(
    async (signal) =>
      chosen ? (await get(at`workflows/${chosen.name}/revisions/${revision}/inputs`, {}, signal)).inputs : [],
    [chosen?.name, revision],
  );
  useEffect(() => {
    if (chosen && form.workflow !== chosen.name) {
      set({ workflow: chosen.name });
    }
  }, [chosen?.name, form.workflow]);
  if (list && all.length === 0) {
    return html`<p class="nothing">There are no workflows yet. <a href="#/workflows/+new">Add one</a>.</p>`;
  }
  return html`<${Trouble} problem=${problem ?? refused} />
    <div class="two">
      <${Field} id="workflow" label="Workflow">
        <select id="workflow" onChange=${(e) => set({ workflow: e.target.value, revision: 0, inputs: {} })}>
          ${all.map((one) => html`<option value=${one.name} selected=${one.name === form.workflow}>${one.name}</option>`)}
        </select>
      <//>
      <${Field} id="revision" label="Revision">
        <select id="revision" onChange=${(e) => set({ revision: Number(e.target.value) })}>
          ${(revisions ?? []).map((one) => html`<option value=${one.revision} selected=${one.revision === revision}>${one.revision}</option>`)}
        </select>
      <//>
    </div>
    ${(asked ?? []).map(
      (input) => html`<${Input} key=${input.name} input=${input} value=${form.inputs[input.name]}
        onInput=${(value) => set({ inputs: { ...form.inputs, [input.name]: value } })} />`,
    )}`;
}

function ordered(form) {
  const inputs = Object.fromEntries(Object.entries(form.inputs).filter(([, value]) => value !== ""));
  const work = {
    goal: () => ({ goal: form.goal }),
    tasks: () => ({ tasks: form.tasks }),
    workflow: () => ({ workflow: form.workflow, ...(form.revision ? { revision: form.revision } : {}), inputs }),
  }[form.way]();
  const only = form.only.split(/[\s,]+/).filter(Boolean);
  return {
    project: form.project,
    ...work,
    ...(only.length > 0 ? { only } : {}),
    options: pairs(form.options, "option"),
    labels: pairs(form.labels, "label"),
  };
}

/** Looks over the task list a moment after somebody stopped typing. */
function useCheck(form) {
  const [state, setState] = useState({ checked: false, problem: null });
  useEffect(() => {
    setState({ checked: false, problem: null });
    if (form.way !== "tasks" || !form.project || !form.tasks.trim()) {
      return undefined;
    }
    let gone = false;
    const timer = setTimeout(() => {
      post("runs", { project: form.project, tasks: form.tasks, dry_run: true }).then(
        () => gone || setState({ checked: true, problem: null }),
        (problem) => gone || setState({ checked: true, problem: problem.status === 422 ? problem : null }),
      );
    }, CHECK_MS);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [form.way, form.project, form.tasks]);
  return state;
}

export function NewRun({ query, go }) {
  const { value, problem: missing } = useLoaded((signal) => get("projects", {}, signal), []);
  const [form, setForm] = useState({
    way: query.workflow ? "workflow" : "goal", project: "", goal: "", tasks: BEGINNING, workflow: query.workflow ?? "",
    revision: 0, inputs: {}, only: "", options: "", labels: "",
  });
  const set = (change) => setForm((before) => ({ ...before, ...change }));
  const projects = value?.projects ?? [];
  const project = form.project || projects[0]?.name || "";
  const whole = { ...form, project };
  const check = useCheck(whole);
  const action = useAction();
  const rehearsal = useAction();
  const [fine, setFine] = useState(false);
  const sent = useRef({ body: "", key: "" });
  const submit = (e) => {
    e.preventDefault();
    rehearsal.clear();
    action.run(async () => {
      const order = ordered(whole);
      const body = JSON.stringify(order);
      // The same order again, whatever became of the first answer, is the same run.
      if (sent.current.body !== body) {
        sent.current = { body, key: idempotencyKey() };
      }
      const run = await post("runs", order, { "Idempotency-Key": sent.current.key });
      go(at`/runs/${run.id}`);
    });
  };
  const rehearse = () => {
    action.clear();
    setFine(false);
    rehearsal.run(async () => {
      await post("runs", { ...ordered(whole), dry_run: true });
      setFine(true);
    });
  };
  const inEditor = form.way === "tasks" && (action.problem ?? rehearsal.problem)?.errors?.some((fault) => fault.line > 0);
  return html`<h1 tabindex="-1">New run</h1>
    <${Trouble} problem=${missing} />
    ${value && projects.length === 0 && html`<p class="nothing">There is no project yet. <a href="#/projects">Add one</a> first.</p>`}
    <form class="form" onSubmit=${submit} aria-label="New run">
      <${Field} id="project" label="Project">
        <select id="project" onChange=${(e) => set({ project: e.target.value })}>
          ${projects.map((one) => html`<option value=${one.name} selected=${one.name === project}>${one.name} (${one.folder})</option>`)}
        </select>
      <//>
      <fieldset class="ways">
        <legend>What is to be done</legend>
        ${WAYS.map(
          ([way, name]) => html`<label class="check"><input type="radio" name="way" value=${way} checked=${form.way === way}
            onChange=${() => set({ way })} /> ${name}</label>`,
        )}
      </fieldset>
      ${form.way === "goal" &&
      html`<${Field} id="goal" label="Goal" hint="All of it is told to the agent; its first line becomes the title.">
        <textarea id="goal" rows="6" required aria-describedby="goal-hint" value=${form.goal} onInput=${(e) => set({ goal: e.target.value })}></textarea>
      <//>`}
      ${form.way === "tasks" &&
      html`<${Editor} id="tasks" label="Task list" value=${form.tasks} onInput=${(tasks) => set({ tasks })}
        problem=${check.problem} checked=${check.checked} hint="YAML or JSON; looked over while you type." />`}
      ${form.way === "workflow" && html`<${WorkflowForm} form=${form} set=${set} />`}
      <details class="more">
        <summary>Labels, options, single tasks</summary>
        <${Field} id="labels" label="Labels" hint="name=value, with commas in between. To find the run again.">
          <input id="labels" type="text" spellcheck="false" autocomplete="off" aria-describedby="labels-hint" value=${form.labels} onInput=${(e) => set({ labels: e.target.value })} />
        <//>
        <${Field} id="options" label="Options" hint="Settings for this run alone, a line each, such as provider=claude.">
          <textarea id="options" rows="2" spellcheck="false" aria-describedby="options-hint" value=${form.options} onInput=${(e) => set({ options: e.target.value })}></textarea>
        <//>
        <${Field} id="only" label="Only these tasks" hint="Ids with spaces in between; all of them if empty.">
          <input id="only" type="text" spellcheck="false" autocomplete="off" aria-describedby="only-hint" value=${form.only} onInput=${(e) => set({ only: e.target.value })} />
        <//>
      </details>
      ${!(inEditor && check.problem) && html`<${Trouble} problem=${action.problem ?? rehearsal.problem} />`}
      ${fine && !rehearsal.problem && !action.problem && html`<p class="fine" role="status">It could be started like that.</p>`}
      <div class="actions">
        <button class="main" type="submit" disabled=${action.busy || !project}>${action.busy ? "Starting" : "Start the run"}</button>
        <button type="button" onClick=${rehearse} disabled=${rehearsal.busy || !project}>Check only</button>
      </div>
    </form>`;
}
