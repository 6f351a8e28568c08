// The console: which screen is shown, the keys of the keyboard, the key of the API.

import { html, render, useEffect, useErrorBoundary, useState } from "./vendor/preact.js";
import { key, keys } from "./api.js";
import { NewRun } from "./newrun.js";
import { Dialog, Field, typing, useKeyTurn } from "./parts.js";
import { Projects, Providers, System, Workers } from "./places.js";
import { Run } from "./run.js";
import { Runs } from "./runs.js";
import { NewWorkflow, Workflow, Workflows } from "./workflows.js";

const PLACES = [
  ["runs", "Runs"],
  ["workflows", "Workflows"],
  ["providers", "Providers"],
  ["workers", "Workers"],
  ["projects", "Projects"],
  ["system", "System"],
];

/** Where the address leads: #/runs/ID?tab=cost */
function read(hash) {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split("?");
  const names = path.split("/").map((name) => {
    try {
      return decodeURIComponent(name);
    } catch {
      return name;
    }
  });
  return { place: names[0] || "runs", name: names[1] ?? "", query: Object.fromEntries(new URLSearchParams(query)) };
}

function go(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value);
  location.hash = path + (given.length > 0 ? `?${new URLSearchParams(given)}` : "");
}

function Screen({ place, name, query }) {
  switch (place) {
    case "runs":
      return name ? html`<${Run} key=${name} id=${name} query=${query} go=${go} />` : html`<${Runs} query=${query} go=${go} />`;
    case "new":
      return html`<${NewRun} query=${query} go=${go} />`;
    case "workflows":
      if (name === "+new") {
        return html`<${NewWorkflow} go=${go} />`;
      }
      return name ? html`<${Workflow} key=${name} name=${name} query=${query} go=${go} />` : html`<${Workflows} />`;
    case "providers":
      return html`<${Providers} />`;
    case "workers":
      return html`<${Workers} />`;
    case "projects":
      return html`<${Projects} />`;
    case "system":
      return html`<${System} />`;
    default:
      return html`<h1 tabindex="-1">There is no such page</h1><p><a href="#/runs">All runs</a></p>`;
  }
}

/** A screen that breaks says so, and leaves the way to the others open. */
function Guarded(where) {
  const [broken] = useErrorBoundary((e) => console.error(e));
  return broken
    ? html`<h1 tabindex="-1">This page is broken</h1><p class="trouble" role="alert">${String(broken.message ?? broken)}</p>`
    : html`<${Screen} ...${where} />`;
}

function KeyDialog({ wanted, onClose }) {
  const [secret, setSecret] = useState("");
  const use = (e) => {
    e.preventDefault();
    key.set(secret.trim());
    onClose();
  };
  return html`<${Dialog} title="API key" onClose=${onClose}>
    <p>${wanted ? "The server lets nobody in without a key, or not with this one." : "Sent along with everything that is asked for."}
      ${" "}It is kept in this tab alone, until the tab is closed.</p>
    <form class="form" onSubmit=${use}>
      <${Field} id="key" label="Key" hint="agent-runner keys create makes one.">
        <input id="key" type="password" required autocomplete="off" spellcheck="false" aria-describedby="key-hint" value=${secret} onInput=${(e) => setSecret(e.target.value)} />
      <//>
      <div class="actions">
        <button class="main" type="submit">Use it</button>
        ${key.get() && html`<button type="button" onClick=${() => { key.set(""); onClose(); }}>Forget the key</button>`}
        <button type="button" onClick=${onClose}>Close</button>
      </div>
    </form>
  <//>`;
}

const SHORTCUTS = [
  ["j  k", "down and up in the table of runs"],
  ["Enter", "open the run"],
  ["/", "to the filter"],
  ["n", "new run"],
  ["r", "all runs"],
  ["?", "this help"],
  ["Esc", "close a dialog, leave a field"],
];

function HelpDialog({ onClose }) {
  return html`<${Dialog} title="Keys" onClose=${onClose}>
    <dl class="shortcuts">${SHORTCUTS.map(([name, what]) => html`<div><dt><kbd>${name}</kbd></dt><dd>${what}</dd></div>`)}</dl>
    <div class="actions"><button type="button" onClick=${onClose}>Close</button></div>
  <//>`;
}

function useShortcuts(openHelp) {
  useEffect(() => {
    const press = (e) => {
      if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented || document.querySelector("dialog[open]")) {
        return;
      }
      if (typing(e.target)) {
        if (e.key === "Escape") {
          e.target.blur();
        }
        return;
      }
      const does = {
        n: () => go("/new"),
        r: () => go("/runs"),
        "?": openHelp,
        "/": () => document.getElementById("filter-label")?.focus(),
      }[e.key];
      if (does) {
        e.preventDefault();
        does();
      }
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}

function App() {
  const [where, setWhere] = useState(read(location.hash));
  const [dialog, setDialog] = useState("");
  useKeyTurn();
  useEffect(() => {
    const moved = () => setWhere(read(location.hash));
    const wanted = () => setDialog("wanted");
    addEventListener("hashchange", moved);
    keys.addEventListener("wanted", wanted);
    return () => {
      removeEventListener("hashchange", moved);
      keys.removeEventListener("wanted", wanted);
    };
  }, []);
  useShortcuts(() => setDialog("help"));
  const place = `${where.place}/${where.name}`;
  useEffect(() => {
    const title = document.querySelector("h1");
    document.title = `${title?.textContent ?? ""} - agent-runner`;
    // Whoever follows a link with the keyboard, or a screen reader, is taken along.
    title?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [place]);
  const close = () => setDialog("");
  return html`<a class="skip" href="#main" onClick=${(e) => { e.preventDefault(); document.querySelector("h1")?.focus(); }}>To the content</a>
    <header>
      <a class="brand" href="#/runs"><span aria-hidden="true">›_</span> agent-runner</a>
      <nav aria-label="Pages">
        ${PLACES.map(
          ([name, title]) => html`<a href=${`#/${name}`} aria-current=${where.place === name || (name === "runs" && where.place === "new") ? "page" : undefined}>${title}</a>`,
        )}
      </nav>
      <div class="tools">
        <button type="button" onClick=${() => setDialog("key")}>${key.get() ? "Key set" : "Key"}</button>
        <button type="button" aria-label="Keys of the keyboard" onClick=${() => setDialog("help")}>?</button>
      </div>
    </header>
    <main id="main"><${Guarded} key=${place} ...${where} /></main>
    ${(dialog === "key" || dialog === "wanted") && html`<${KeyDialog} wanted=${dialog === "wanted"} onClose=${close} />`}
    ${dialog === "help" && html`<${HelpDialog} onClose=${close} />`}`;
}

render(html`<${App} />`, document.getElementById("app"));
