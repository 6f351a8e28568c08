// What runs are worked on with: providers, workers, projects, the server itself.

import { html, useState } from "./vendor/preact.js";
import { at, change, get, idempotencyKey, post } from "./api.js";
import { age, duration, moment, word } from "./format.js";
import { Badge, Dialog, Field, Trouble, useAction, useEvery, useLoaded, useNow } from "./parts.js";

const POLL_MS = 5_000;

const price = (rates) => (rates ? `$${rates.input} in, $${rates.output} out` : "");

export function Providers() {
  const { value, problem } = useLoaded((signal) => get("providers", {}, signal), []);
  const all = [...(value?.providers ?? [])].sort((a, b) => Boolean(a.missing) - Boolean(b.missing));
  return html`<h1 tabindex="-1">Providers</h1>
    <p class="quiet">As the settings of the server's folder have them. Prices are for a million tokens.</p>
    <${Trouble} problem=${problem} />
    ${all.length > 0 &&
    html`<table>
      <thead><tr><th scope="col">Name</th><th scope="col">State</th><th scope="col">Kind</th><th scope="col">Model</th><th scope="col">Price</th></tr></thead>
      <tbody>
        ${all.map(
          (one) => html`<tr key=${one.name}>
            <th scope="row">${one.name}</th>
            <td><${Badge} of=${one.missing ? "not set up" : "ready"} />${one.missing && html`<p class="quiet narrow">${one.missing}</p>`}</td>
            <td data-name="kind">${one.kind}</td>
            <td data-name="model">${one.model}</td>
            <td data-name="price">${price(one.price)}</td>
          </tr>`,
        )}
      </tbody>
    </table>`}`;
}

const workerState = (worker) => (!worker.alive ? "gone" : worker.draining ? "draining" : "alive");

function WorkerTable({ all, now, onDrain, busy }) {
  if (all.length === 0) {
    return html`<p class="nothing">Nobody works on runs. Start <code>agent-runner worker</code>, or <code>serve</code> with slots.</p>`;
  }
  return html`<table>
    <thead><tr>
      <th scope="col">Worker</th><th scope="col">State</th><th scope="col">Host</th><th scope="col" class="number">Slots</th>
      <th scope="col" class="number">Up</th><th scope="col" class="number">Last beat</th>${onDrain && html`<th scope="col"><span class="unseen">Actions</span></th>`}
    </tr></thead>
    <tbody>
      ${all.map(
        (one) => html`<tr key=${one.id}>
          <th scope="row"><code>${one.id}</code></th>
          <td><${Badge} of=${workerState(one)} /></td>
          <td data-name="host">${one.host}, process ${one.pid}</td>
          <td data-name="slots" class="number">${one.slots}</td>
          <td data-name="up" class="number">${duration(now - Date.parse(one.started_at))}</td>
          <td data-name="last beat" class="number">${age(one.beat_at, now)}</td>
          ${onDrain &&
          html`<td>${one.alive && !one.draining && html`<button type="button" disabled=${busy} aria-label=${`Drain ${one.id}`} onClick=${() => onDrain(one)}>Drain</button>`}</td>`}
        </tr>`,
      )}
    </tbody>
  </table>`;
}

export function Workers() {
  const { value, problem, reload } = useLoaded((signal) => get("workers", {}, signal), []);
  const now = useNow();
  const action = useAction();
  useEvery(POLL_MS, reload);
  const drain = (worker) =>
    action.run(async () => {
      await post(at`workers/${worker.id}/drain`);
      reload();
    });
  return html`<h1 tabindex="-1">Workers</h1>
    <p class="quiet">A worker that is drained begins nothing new; what it works on stands still, to be gone on with by others.</p>
    <${Trouble} problem=${problem ?? action.problem} />
    ${value && html`<${WorkerTable} all=${value.workers} now=${now} onDrain=${drain} busy=${action.busy} />`}`;
}

export function Projects() {
  const { value, problem, reload } = useLoaded((signal) => get("projects", {}, signal), []);
  const [form, setForm] = useState({ name: "", folder: "" });
  const [leaving, setLeaving] = useState(null);
  const action = useAction();
  const removal = useAction();
  const all = value?.projects ?? [];
  const add = (e) => {
    e.preventDefault();
    action.run(async () => {
      await post("projects", form, { "Idempotency-Key": idempotencyKey() });
      setForm({ name: "", folder: "" });
      reload();
    });
  };
  const remove = () =>
    removal.run(async () => {
      await change("DELETE", at`projects/${leaving.name}`, undefined, { "If-Match": `"${leaving.version}"` });
      setLeaving(null);
      reload();
    });
  return html`<h1 tabindex="-1">Projects</h1>
    <${Trouble} problem=${problem} />
    ${value && all.length === 0 && html`<p class="nothing">There is no project yet.</p>`}
    ${all.length > 0 &&
    html`<table>
      <thead><tr><th scope="col">Name</th><th scope="col">Folder</th><th scope="col">Since</th><th scope="col"><span class="unseen">Actions</span></th></tr></thead>
      <tbody>
        ${all.map(
          (one) => html`<tr key=${one.name}>
            <th scope="row"><a href=${`#/runs?project=${encodeURIComponent(one.name)}`}>${one.name}</a></th>
            <td data-name="folder"><code>${one.folder}</code></td>
            <td data-name="since">${moment(one.created_at)}</td>
            <td><button type="button" aria-label=${`Remove ${one.name}`} onClick=${() => { removal.clear(); setLeaving(one); }}>Remove</button></td>
          </tr>`,
        )}
      </tbody>
    </table>`}
    <h2>Add a project</h2>
    <form class="form" onSubmit=${add} aria-label="Add a project">
      <${Field} id="name" label="Name" hint="Letters, digits, dot, _ and -">
        <input id="name" type="text" required spellcheck="false" autocomplete="off" aria-describedby="name-hint" value=${form.name} onInput=${(e) => setForm({ ...form, name: e.target.value })} />
      <//>
      <${Field} id="folder" label="Folder" hint="On the machines of the workers, from the root">
        <input id="folder" type="text" required spellcheck="false" autocomplete="off" aria-describedby="folder-hint" value=${form.folder} onInput=${(e) => setForm({ ...form, folder: e.target.value })} />
      <//>
      <${Trouble} problem=${action.problem} />
      <div class="actions"><button class="main" type="submit" disabled=${action.busy}>Add</button></div>
    </form>
    ${leaving &&
    html`<${Dialog} title="Remove the project" onClose=${() => setLeaving(null)}>
      <p>Runs can no longer be started in <strong>${leaving.name}</strong>. Its folder stays as it is.</p>
      <${Trouble} problem=${removal.problem} />
      <div class="actions">
        <button type="button" class="danger" disabled=${removal.busy} onClick=${remove}>Remove it</button>
        <button type="button" onClick=${() => setLeaving(null)}>Keep it</button>
      </div>
    <//>`}`;
}

/** What a look at the server's health found: its word, or why it says no. */
const health = (path, signal) =>
  get(path, {}, signal).then(
    () => ({ fine: true, why: "" }),
    (problem) => {
      if (problem.name === "AbortError") {
        throw problem;
      }
      return { fine: false, why: problem.message };
    },
  );

export function System() {
  const status = useLoaded((signal) => get("status", {}, signal), []);
  const looks = useLoaded(async (signal) => ({ alive: await health("healthz", signal), ready: await health("readyz", signal) }), []);
  const now = useNow();
  useEvery(POLL_MS, () => {
    status.reload();
    looks.reload();
  });
  const value = status.value;
  return html`<h1 tabindex="-1">System</h1>
    <${Trouble} problem=${status.problem} />
    <dl class="facts">
      <div><dt>Version</dt><dd>${value?.version ?? ""}</dd></div>
      <div><dt>Health</dt><dd>${looks.value && html`<${Badge} of=${looks.value.alive.fine ? "alive" : "failed"} /> ${looks.value.alive.why}`}</dd></div>
      <div><dt>Readiness</dt><dd>${looks.value && html`<${Badge} of=${looks.value.ready.fine ? "ready" : "failed"} /> ${looks.value.ready.why}`}</dd></div>
      <div><dt>Access</dt><dd>${value ? (value.open ? "open to this machine; there is no key yet" : "by key") : ""}</dd></div>
      <div><dt>Streams</dt><dd>${value?.streams ?? ""}</dd></div>
      <div><dt>Its time</dt><dd>${moment(value?.now)}</dd></div>
    </dl>
    ${value &&
    html`<h2>Runs</h2>
      ${value.runs.length === 0
        ? html`<p class="nothing">There are no runs yet.</p>`
        : html`<table class="small">
            <thead><tr><th scope="col">Status</th><th scope="col">Phase</th><th scope="col" class="number">Count</th></tr></thead>
            <tbody>
              ${value.runs.map(
                (one) => html`<tr key=${one.status + one.phase}>
                  <th scope="row"><a href=${`#/runs?status=${one.status}&phase=${one.phase}`}><${Badge} of=${one.status} /></a></th>
                  <td data-name="phase">${word(one.phase)}</td><td data-name="count" class="number">${one.count}</td>
                </tr>`,
              )}
            </tbody>
          </table>`}
      <h2>Workers</h2>
      <${WorkerTable} all=${value.workers} now=${now} />`}`;
}
