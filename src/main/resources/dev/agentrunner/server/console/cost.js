// What a run has used, call by call and in all.

import { html, useEffect, useRef } from "./vendor/preact.js";
import { cost, count } from "./format.js";

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Money where a price is known, tokens otherwise, added up. */
function series(calls) {
  const money = calls.some((call) => call.micros > 0);
  let sum = 0;
  return {
    money,
    times: calls.map((call) => Date.parse(call.at) / 1_000),
    sums: calls.map((call) => (sum += money ? call.micros / 1_000_000 : call.tokens)),
  };
}

function Chart({ calls }) {
  const box = useRef(null);
  const { money, times, sums } = series(calls);
  useEffect(() => {
    const axis = { stroke: color("--quiet"), grid: { stroke: color("--line") }, ticks: { stroke: color("--line") } };
    const show = (value) => (value === null ? "" : money ? `$${value.toFixed(4)}` : count(Math.round(value)));
    const options = () => ({
      width: Math.max(240, box.current.clientWidth),
      height: 220,
      legend: { show: false },
      cursor: { drag: { x: false } },
      axes: [axis, { ...axis, size: 64, values: (_, values) => values.map(show) }],
      series: [
        {},
        { label: money ? "Cost" : "Tokens", stroke: color("--accent"), fill: color("--accent-soft"), width: 2, value: (_, v) => show(v) },
      ],
    });
    let chart = new window.uPlot(options(), [times, sums], box.current);
    const resized = new ResizeObserver(() => chart.setSize({ width: Math.max(240, box.current.clientWidth), height: 220 }));
    resized.observe(box.current);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const repaint = () => {
      chart.destroy();
      chart = new window.uPlot(options(), [times, sums], box.current);
    };
    dark.addEventListener("change", repaint);
    return () => {
      resized.disconnect();
      dark.removeEventListener("change", repaint);
      chart.destroy();
    };
  }, [calls.length]);
  const last = sums.at(-1);
  return html`<figure>
    <figcaption>${money ? "Cost" : "Tokens"} of ${calls.length} calls, added up</figcaption>
    <div ref=${box} role="img" aria-label=${`A line that rises to ${money ? `$${last.toFixed(4)}` : `${count(last)} tokens`}`}></div>
  </figure>`;
}

const Rows = ({ title, all, name }) =>
  html`<tr><th scope="rowgroup" colspan="5" class="group">${title}</th></tr>
    ${all.map(
      (one) => html`<tr>
        <th scope="row">${one[name]}</th>
        <td data-name="read" class="number">${count(one.usage.input_tokens)}</td>
        <td data-name="cached" class="number">${count(one.usage.cache_read_tokens)}</td>
        <td data-name="written" class="number">${count(one.usage.output_tokens)}</td>
        <td data-name="cost" class="number">${cost(one.usage.cost)}</td>
      </tr>`,
    )}`;

export function Cost({ calls, usage }) {
  if (!usage || calls.length === 0) {
    return html`<p class="nothing">No model has answered yet.</p>`;
  }
  return html`${calls.length > 1 && html`<${Chart} calls=${calls} />`}
    <table>
      <thead><tr>
        <th scope="col">Of</th><th scope="col" class="number">Read</th><th scope="col" class="number">Cached</th>
        <th scope="col" class="number">Written</th><th scope="col" class="number">Cost</th>
      </tr></thead>
      <tbody>
        <${Rows} title="Providers" all=${usage.providers} name="name" />
        <${Rows} title="Tasks" all=${usage.tasks} name="id" />
        <${Rows} title="In all" all=${[{ name: "run", usage: usage.total }]} name="name" />
      </tbody>
    </table>`;
}
