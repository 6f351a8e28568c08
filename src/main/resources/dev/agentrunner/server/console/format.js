// Numbers and times as people read them.

const plural = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;

export function duration(ms) {
  if (!Number.isFinite(ms) || ms < 0) {
    return "";
  }
  if (ms < 1_000) {
    return `${Math.round(ms)} ms`;
  }
  const s = ms / 1_000;
  if (s < 60) {
    return `${s.toFixed(s < 10 ? 1 : 0)} s`;
  }
  const m = Math.floor(s / 60);
  if (m < 60) {
    return `${m} min ${Math.floor(s % 60)} s`;
  }
  const h = Math.floor(m / 60);
  return h < 48 ? `${h} h ${m % 60} min` : `${Math.floor(h / 24)} d ${h % 24} h`;
}

export function age(time, now) {
  const s = Math.max(0, (now - Date.parse(time)) / 1_000);
  if (s < 60) {
    return `${Math.floor(s)} s`;
  }
  if (s < 3_600) {
    return `${Math.floor(s / 60)} min`;
  }
  return s < 172_800 ? `${Math.floor(s / 3_600)} h` : `${Math.floor(s / 86_400)} d`;
}

export const clock = (time) =>
  new Date(time).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });

export const moment = (time) => (time ? new Date(time).toLocaleString([], { hour12: false }) : "");

/** Where a price is not known, what is known is a lower bound. */
export function cost(spent) {
  if (!spent) {
    return "";
  }
  const dollars = spent.micros / 1_000_000;
  const text = `$${dollars.toFixed(dollars > 0 && dollars < 0.1 ? 4 : 2)}`;
  return spent.complete ? text : spent.micros === 0 ? "unknown" : `> ${text}`;
}

export function count(n) {
  if (n < 10_000) {
    return String(n ?? "");
  }
  return n < 1_000_000 ? `${(n / 1_000).toFixed(1)} k` : `${(n / 1_000_000).toFixed(2)} M`;
}

export function bytes(n) {
  if (n < 1_024) {
    return plural(n, "byte");
  }
  return n < 1_048_576 ? `${(n / 1_024).toFixed(1)} KiB` : `${(n / 1_048_576).toFixed(1)} MiB`;
}

export const word = (name) => String(name ?? "").toLowerCase().replaceAll("_", " ");

/** From ISO 8601, such as PT1.5S. */
export function isoMs(text) {
  const parts = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(text ?? "");
  return parts ? ((Number(parts[1] ?? 0) * 60 + Number(parts[2] ?? 0)) * 60 + Number(parts[3] ?? 0)) * 1_000 : NaN;
}
