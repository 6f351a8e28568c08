// Pieces that all screens are made of.

import { html, useEffect, useRef, useState } from "./vendor/preact.js";
import { keys } from "./api.js";
import { word } from "./format.js";

/** Moves on whenever there is another key. */
export function useKeyTurn() {
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const again = () => setTurn((n) => n + 1);
    keys.addEventListener("changed", again);
    return () => keys.removeEventListener("changed", again);
  }, []);
  return turn;
}

/** Loads something, and again whenever one of the words in `on` changes; `reload` does it at once. */
export function useLoaded(load, on) {
  const [state, setState] = useState({ value: undefined, problem: null });
  const [turn, setTurn] = useState(0);
  const keyTurn = useKeyTurn();
  useEffect(() => {
    const gone = new AbortController();
    load(gone.signal).then(
      (value) => gone.signal.aborted || setState({ value, problem: null }),
      (problem) => gone.signal.aborted || setState((before) => ({ ...before, problem })),
    );
    return () => gone.abort();
  }, [...on, turn, keyTurn]);
  return { ...state, reload: () => setTurn((n) => n + 1) };
}

/** Does something every so often while somebody looks. */
export function useEvery(ms, act) {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    const tick = () => document.visibilityState === "visible" && latest.current();
    const timer = setInterval(tick, ms);
    document.addEventListener("visibilitychange", tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tick);
    };
  }, [ms]);
}

/** The time now, moving on. */
export function useNow(ms = 1_000) {
  const [now, setNow] = useState(Date.now());
  useEvery(ms, () => setNow(Date.now()));
  return now;
}

/** Does something once at a time, and keeps what went wrong. */
export function useAction() {
  const [state, setState] = useState({ busy: false, problem: null });
  const under = useRef(false);
  const run = async (act) => {
    if (under.current) {
      return;
    }
    under.current = true;
    setState({ busy: true, problem: null });
    try {
      await act();
      setState({ busy: false, problem: null });
    } catch (problem) {
      setState({ busy: false, problem });
    } finally {
      under.current = false;
    }
  };
  return { ...state, run, clear: () => setState({ busy: false, problem: null }) };
}

export const Trouble = ({ problem }) =>
  problem &&
  html`<div class="trouble" role="alert">
    <strong>${problem.title ?? "Something went wrong"}</strong>
    ${problem.message && problem.message !== problem.title && html`<p>${problem.message}</p>`}
    ${problem.errors?.length > 0 &&
    html`<ul>
      ${problem.errors.map(
        (fault) =>
          html`<li>
            ${fault.line > 0 && html`<span class="spot">line ${fault.line}, column ${fault.column}</span>${" "}`}
            ${fault.line > 0 || !fault.pointer ? "" : html`<code>${fault.pointer}</code>${" "}`}${fault.detail}
          </li>`,
      )}
    </ul>`}
    ${problem.trace && html`<p class="quiet">trace ${problem.trace}</p>`}
  </div>`;

const TONES = {
  completed: "good", alive: "good", ready: "good", done: "good",
  failed: "bad", gone: "bad", blocked: "bad",
  canceled: "off", skipped: "off", over: "off", pending: "off", interrupted: "off",
  running: "busy", executing: "busy", queued: "wait", dispatching: "wait",
  paused: "ask", "waiting for quota": "wait", "waiting for person": "ask", canceling: "ask", draining: "ask",
};

const MARKS = { good: "✓", bad: "✕", off: "–", busy: "●", wait: "○", ask: "?" };

export function Badge({ of }) {
  const text = word(of);
  const tone = TONES[text] ?? "off";
  return html`<span class="badge ${tone}"><span aria-hidden="true">${MARKS[tone]}</span> ${text}</span>`;
}

/** What a run is at, in one word: the phase where it says more than the status. */
export const Standing = ({ run }) =>
  html`<${Badge} of=${run.status === "RUNNING" && run.phase !== "executing" ? run.phase : run.status} />`;

export const Labels = ({ of, onPick }) =>
  html`<span class="labels">
    ${Object.entries(of ?? {}).map(([name, value]) =>
      onPick
        ? html`<button type="button" class="label" title="Only runs with this label" onClick=${() => onPick(name, value)}>${name}=${value}</button>`
        : html`<span class="label">${name}=${value}</span>`,
    )}
  </span>`;

export function Field({ label, hint, id, children }) {
  return html`<div class="field">
    <label for=${id}>${label}</label>
    ${children}
    ${hint && html`<p class="quiet" id="${id}-hint">${hint}</p>`}
  </div>`;
}

/** What has just happened, for those who cannot see it. */
export const Said = ({ text }) => html`<p class="unseen" role="status" aria-live="polite">${text}</p>`;

/** A dialog: has the focus while it is open, Escape closes it. */
export function Dialog({ title, onClose, children }) {
  const box = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    box.current.showModal();
    return () => before?.isConnected && before.focus();
  }, []);
  const id = "dialog-title";
  return html`<dialog ref=${box} aria-labelledby=${id} onCancel=${(e) => { e.preventDefault(); onClose(); }}>
    <h2 id=${id}>${title}</h2>
    ${children}
  </dialog>`;
}

/** Saves bytes under a name, as a link would that could carry a key. */
export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name.split("/").pop();
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export const typing = (target) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** The beginning of a line in a text, counted from 1 as faults are. */
function offset(text, line, column) {
  const lines = text.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  return Math.min(before + Math.max(column - 1, 0), text.length);
}

/**
 * A text with line numbers, and what is wrong with it, each fault leading to its spot.
 *
 * @param problem as the server told it
 */
export function Editor({ id, label, value, onInput, problem, checked, rows = 16, hint }) {
  const area = useRef(null);
  const gutter = useRef(null);
  const faults = problem?.errors ?? [];
  const bad = new Set(faults.map((fault) => fault.line));
  const numbers = value.split("\n").map((_, i) => i + 1);
  const go = (fault) => {
    const spot = offset(value, fault.line, fault.column);
    area.current.focus();
    area.current.setSelectionRange(spot, spot);
    area.current.scrollTop = (fault.line - 4) * parseFloat(getComputedStyle(area.current).lineHeight);
  };
  return html`<${Field} id=${id} label=${label} hint=${hint}>
    <div class="editor">
      <div class="gutter" ref=${gutter} aria-hidden="true">${numbers.map((n) => html`<span class=${bad.has(n) ? "bad" : ""}>${n}</span>`)}</div>
      <textarea id=${id} ref=${area} rows=${rows} spellcheck="false" wrap="off" autocapitalize="off" value=${value}
        aria-describedby=${`${id}-faults`} aria-invalid=${problem ? "true" : "false"}
        onInput=${(e) => onInput(e.target.value)}
        onScroll=${(e) => { gutter.current.scrollTop = e.target.scrollTop; }}></textarea>
    </div>
    <div id="${id}-faults" class="faults" role="status">
      ${checked && !problem && html`<p class="fine">Nothing is wrong with it.</p>`}
      ${problem && faults.length === 0 && html`<p>${problem.message}</p>`}
      ${faults.map((fault) =>
        fault.line > 0
          ? html`<button type="button" class="fault" onClick=${() => go(fault)}>
              <span class="spot">line ${fault.line}, column ${fault.column}</span> ${fault.detail}
            </button>`
          : html`<p><code>${fault.pointer}</code> ${fault.detail}</p>`,
      )}
    </div>
  <//>`;
}
