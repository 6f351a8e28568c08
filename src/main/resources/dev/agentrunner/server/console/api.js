// Asks the API, with the key of this tab if there is one.

// Relative to this file, so that it also works below a path of a proxy.
const ROOT = new URL("../api/v1/", import.meta.url);
const KEY = "agent-runner.key";
const SILENCE_MS = 20_000;

/** Tells "wanted" when the server asks for a key, "changed" when there is another one. */
export const keys = new EventTarget();

/** The key never leaves this tab: neither other tabs nor the next session have it. */
export const key = {
  get: () => sessionStorage.getItem(KEY) ?? "",
  set(secret) {
    if (secret) {
      sessionStorage.setItem(KEY, secret);
    } else {
      sessionStorage.removeItem(KEY);
    }
    known.clear();
    refused = null;
    keys.dispatchEvent(new Event("changed"));
  },
};

/** The key that nobody was let in with: asking again and again with it would be guessing. */
let refused = null;

const UNAUTHORIZED = { status: 401, code: "unauthorized", title: "Nobody is let in like that", detail: "This needs an API key." };

/** What the server said no with, as in problem+json. */
export class Problem extends Error {
  constructor(body) {
    super(body.detail || body.title);
    this.name = "Problem";
    this.status = body.status;
    this.code = body.code;
    this.title = body.title;
    this.errors = body.errors ?? [];
    this.trace = body.trace_id ?? "";
  }
}

/** A path of the API; whatever is put into it stays one segment. */
export function at(texts, ...names) {
  return texts.reduce((path, text, i) => path + encodeURIComponent(names[i - 1]) + text);
}

function address(path, query) {
  const url = new URL(path, ROOT);
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) {
      if (one !== "" && one !== undefined && one !== null) {
        url.searchParams.append(name, one);
      }
    }
  }
  return url;
}

function authorized(headers) {
  return key.get() ? { ...headers, Authorization: `Bearer ${key.get()}` } : headers;
}

async function send(url, options) {
  if (refused === key.get()) {
    throw new Problem(UNAUTHORIZED);
  }
  let answer;
  try {
    answer = await fetch(url, { ...options, cache: "no-store", headers: authorized(options.headers) });
  } catch (e) {
    if (e.name === "AbortError") {
      throw e;
    }
    throw new Problem({
      title: "The server does not answer",
      detail: "The server does not answer; is it still running?",
      code: "unreachable",
      status: 0,
    });
  }
  if (answer.ok || answer.status === 304) {
    return answer;
  }
  if (answer.status === 401 && refused !== key.get()) {
    refused = key.get();
    keys.dispatchEvent(new Event("wanted"));
  }
  throw new Problem(await problem(answer));
}

async function problem(answer) {
  try {
    return { status: answer.status, title: answer.statusText, ...(await answer.json()) };
  } catch {
    return { status: answer.status, title: `The server answered ${answer.status}`, code: "other" };
  }
}

/** What was got with an ETag, by address: the server only says so if it is still the same. */
const known = new Map();
const KNOWN_MAX = 200;

/** Gets JSON. */
export async function get(path, query = {}, signal = undefined) {
  const url = address(path, query);
  const before = known.get(url.href);
  const headers = before ? { "If-None-Match": before.tag } : {};
  const answer = await send(url, { headers, signal });
  if (answer.status === 304 && before) {
    return before.value;
  }
  const value = await answer.json();
  const tag = answer.headers.get("ETag");
  if (tag) {
    if (known.size >= KNOWN_MAX) {
      known.delete(known.keys().next().value);
    }
    known.set(url.href, { tag, value });
  }
  return value;
}

/** Sends JSON, and returns what comes back. */
export async function change(method, path, body, headers = {}) {
  const answer = await send(address(path, {}), {
    method,
    headers: body === undefined ? headers : { "Content-Type": "application/json", ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return answer.status === 204 ? {} : answer.json();
}

export const post = (path, body = {}, headers = {}) => change("POST", path, body, headers);

/** A key that makes one of two equal requests, such as those of a double click. */
export const idempotencyKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");

/** Gets a file. */
export async function file(path, signal = undefined) {
  return (await send(address(path, {}), { headers: {}, signal })).blob();
}

const pause = (ms, signal) =>
  new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      done();
    });
  });

/**
 * Follows a run until it is over, coming back with the last id whenever the stream breaks.
 *
 * @param hears.event an event of the log
 * @param hears.fleeting something that is in no log: its type and text
 * @param hears.state "live", "waiting", "over" or why nothing more comes
 * @param hears.again the log is another one now, and is told from its beginning
 */
export async function follow(run, since, hears, signal) {
  let seq = since;
  let wait = 500;
  while (!signal.aborted) {
    const broken = new AbortController();
    const stop = () => broken.abort();
    signal.addEventListener("abort", stop);
    let watch;
    const alive = () => {
      clearTimeout(watch);
      watch = setTimeout(stop, SILENCE_MS);
    };
    try {
      alive();
      const answer = await send(address(at`runs/${run}/events/stream`, {}), {
        headers: { Accept: "text/event-stream", "Last-Event-ID": String(seq) },
        signal: broken.signal,
      });
      hears.state("live");
      wait = 500;
      let end = null;
      for await (const frame of frames(answer.body, alive)) {
        if (frame.id) {
          seq = Number(frame.id);
          hears.event(JSON.parse(frame.data));
        } else if (frame.event === "end" || frame.event === "resync") {
          end = frame;
          break;
        } else if (frame.data) {
          hears.fleeting(frame.event, JSON.parse(frame.data).text);
        }
      }
      if (end?.event === "end") {
        hears.state(JSON.parse(end.data).reason);
        return;
      }
    } catch (e) {
      if (signal.aborted) {
        return;
      }
      if (e instanceof Problem && e.status === 416) {
        seq = 0;
        hears.again();
      } else if (e instanceof Problem && [401, 403, 404].includes(e.status)) {
        hears.state(e.message);
        return;
      }
    } finally {
      clearTimeout(watch);
      signal.removeEventListener("abort", stop);
      broken.abort();
    }
    hears.state("waiting");
    await pause(wait, signal);
    wait = Math.min(wait * 2, 10_000);
  }
}

/** The frames of an event stream. */
export async function* frames(body, alive) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      alive();
      const parts = (rest + value).split("\n\n");
      rest = parts.pop();
      for (const part of parts) {
        const frame = { id: "", event: "message", data: "" };
        for (const line of part.split("\n")) {
          const colon = line.indexOf(":");
          const name = colon < 0 ? line : line.slice(0, colon);
          if (name in frame) {
            frame[name] = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
          }
        }
        yield frame;
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
