"use strict";

// Shows each operation of openapi.json with a form to send it. Everything that comes from the server is set as text.
const key = document.getElementById("key");
const place = document.getElementById("operations");

function element(name, text, ...children) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  made.append(...children);
  return made;
}

function field(label, input) {
  return element("label", label + " ", input);
}

function resolved(description, thing) {
  if (!thing.$ref) return thing;
  return thing.$ref.slice(2).split("/").reduce((at, part) => at[part], description);
}

function form(description, method, path, operation) {
  const inputs = (operation.parameters || []).map(ref => {
    const parameter = resolved(description, ref);
    const input = element("input");
    input.required = Boolean(parameter.required);
    return { parameter, input, shown: field(parameter.name, input) };
  });
  const body = operation.requestBody ? element("textarea") : null;
  if (body) {
    body.rows = 4;
    body.value = "{}";
  }
  const answer = element("pre");
  answer.hidden = true;
  const made = element("form", "", ...inputs.map(one => one.shown));
  if (body) made.append(field("body", body));
  made.append(element("button", "Send"), answer);
  made.addEventListener("submit", event => {
    event.preventDefault();
    send(method, path, inputs, body, answer);
  });
  return made;
}

async function send(method, path, inputs, body, answer) {
  const headers = {};
  const query = new URLSearchParams();
  let target = path;
  for (const { parameter, input } of inputs) {
    if (!input.value) continue;
    if (parameter.in === "path") target = target.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
    else if (parameter.in === "query") query.set(parameter.name, input.value);
    else headers[parameter.name] = input.value;
  }
  if (key.value) headers.Authorization = "Bearer " + key.value;
  if (body && body.value) headers["Content-Type"] = "application/json";
  answer.hidden = false;
  answer.textContent = "";
  try {
    const options = { method: method.toUpperCase(), headers, body: body ? body.value : undefined };
    const response = await fetch("/api/v1" + target + (query.size ? "?" + query : ""), options);
    answer.textContent = response.status + " " + response.statusText + "\n\n";
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) answer.append(part.value);
  } catch (problem) {
    answer.append(String(problem));
  }
}

async function show() {
  const description = await (await fetch("openapi.json")).json();
  place.textContent = "";
  for (const { name } of description.tags) {
    place.append(element("h2", name));
    for (const [path, methods] of Object.entries(description.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        if (!operation.tags.includes(name)) continue;
        const line = element("summary", "", element("code", method.toUpperCase() + " " + path), " " + operation.summary);
        const shown = element("details", "", line);
        if (operation.description) shown.append(element("p", operation.description));
        shown.append(form(description, method, path, operation));
        place.append(shown);
      }
    }
  }
}

show().catch(problem => { place.textContent = "The description could not be read: " + problem; });
