// A unified diff with line numbers.

import { html, useState } from "./vendor/preact.js";
import { at, file } from "./api.js";
import { Trouble, useLoaded } from "./parts.js";

const LINES_FIRST = 2_000;
const BYTES_MAX = 4_000_000;

/** Files of a diff, each with its lines: kind, text, number before, number after. */
export function parsed(text) {
  const files = [];
  let now = null;
  let before = 0;
  let after = 0;
  let left = { before: 0, after: 0 };
  for (const line of text.replace(/\n$/, "").split("\n")) {
    const hunk = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    const inHunk = left.before > 0 || left.after > 0;
    if (hunk && now) {
      before = Number(hunk[1]);
      after = Number(hunk[3]);
      left = { before: Number(hunk[2] ?? 1), after: Number(hunk[4] ?? 1) };
      now.lines.push({ kind: "hunk", text: line });
    } else if (inHunk && line.startsWith("+")) {
      left.after--;
      now.lines.push({ kind: "added", text: line.slice(1), after: after++ });
    } else if (inHunk && line.startsWith("-")) {
      left.before--;
      now.lines.push({ kind: "removed", text: line.slice(1), before: before++ });
    } else if (inHunk && !line.startsWith("\\")) {
      left.before--;
      left.after--;
      now.lines.push({ kind: "same", text: line.slice(1), before: before++, after: after++ });
    } else if (line.startsWith("diff ") || (line.startsWith("--- ") && (!now || now.lines.length > 0))) {
      now = { name: nameOf(line), lines: [] };
      files.push(now);
    } else if (now && line.startsWith("+++ ") && !line.endsWith("/dev/null")) {
      now.name = nameOf(line);
    } else if (now && !/^(---|\+\+\+|index) /.test(line)) {
      now.lines.push({ kind: "note", text: line });
    } else if (!now && line.trim()) {
      now = { name: "", lines: [{ kind: "note", text: line }] };
      files.push(now);
    }
  }
  return files;
}

const nameOf = (line) => line.replace(/^diff --git .* b\//, "").replace(/^(?:---|\+\+\+) (?:[ab]\/)?/, "");

const SIGNS = { added: "+", removed: "-" };

function File({ of }) {
  const count = (kind) => of.lines.filter((line) => line.kind === kind).length;
  return html`<section class="file">
    <h3><code>${of.name}</code> <span class="plus">+${count("added")}</span> <span class="minus">-${count("removed")}</span></h3>
    <div class="scroll" tabindex="0" role="region" aria-label=${`Changes of ${of.name}`}>
      <table class="diff"><tbody>
        ${of.lines.map(
          (line) => html`<tr class=${line.kind}>
            <td class="at">${line.before ?? ""}</td><td class="at">${line.after ?? ""}</td>
            <td class="sign">${SIGNS[line.kind] ?? ""}</td><td class="text">${line.text}</td>
          </tr>`,
        )}
      </tbody></table>
    </div>
  </section>`;
}

/** So many lines at first: a browser takes long over a table of hundreds of thousands. */
function cut(files, most) {
  let left = most;
  return files.map((one) => {
    const lines = one.lines.slice(0, Math.max(left, 0));
    left -= one.lines.length;
    return { ...one, lines };
  });
}

export function Diff({ run, artifact }) {
  const [most, setMost] = useState(LINES_FIRST);
  const small = artifact && artifact.size <= BYTES_MAX;
  const { value, problem } = useLoaded(
    async (signal) => (small ? parsed(await (await file(at`runs/${run}/artifacts/${artifact.id}/download`, signal)).text()) : []),
    [artifact?.id],
  );
  if (!artifact) {
    return html`<p class="nothing">What a run changed is shown once it is over. Nothing was written down yet.</p>`;
  }
  if (!small) {
    return html`<p class="nothing">This is too long to be shown here; save it from the artifacts.</p>`;
  }
  const total = (value ?? []).reduce((sum, one) => sum + one.lines.length, 0);
  return html`<${Trouble} problem=${problem} />
    ${value?.length === 0 && html`<p class="nothing">Nothing was changed.</p>`}
    ${cut(value ?? [], most).map((one) => html`<${File} of=${one} />`)}
    ${total > most && html`<button type="button" onClick=${() => setMost(total)}>Show all ${total} lines</button>`}`;
}
