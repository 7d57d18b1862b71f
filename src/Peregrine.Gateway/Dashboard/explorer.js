
// The explorer: every tool with a form made from its input schema.
const MostShown = 60;
let tools = [], owners = new Map(), opened = null, all = false;
async function call(method, params) {
  const reply = await fetch("/mcp", {
    method: "POST", cache: "no-store",
    headers: { "Content-Type": "application/json", "Accept": "application/json", "MCP-Protocol-Version": "2025-11-25" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params })
  });
  return await reply.json();
}
async function loadTools() {
  try {
    const reply = await call("tools/list", {});
    if (reply.error) throw new Error(reply.error.message);
    tools = reply.result.tools;
  } catch (e) {
    $("dropped").append(el("div", "error", "The list of tools could not be read: " + e.message));
    return;
  }
  $("toolcount").textContent = "· " + tools.length;
  showTools();
}
function showTools() {
  const wanted = $("filter").value.trim().toLowerCase();
  const found = tools.filter(t => !wanted || t.name.toLowerCase().includes(wanted) || (t.description || "").toLowerCase().includes(wanted));
  // What somebody is filling in stays, as long as its tool is there.
  const kept = opened && found.find(t => t.name === opened.tool.name) ? opened : null;
  opened = kept;
  const shown = all ? found : found.slice(0, MostShown);
  $("tools").replaceChildren(...shown.map(t => {
    if (kept && kept.tool.name === t.name && JSON.stringify(kept.tool) === JSON.stringify(t)) return kept.item;
    const item = el("li"), button = el("button");
    button.type = "button";
    button.setAttribute("aria-expanded", "false");
    button.append(el("code", "", t.name), el("span", "", t.description || t.title || ""), el("span", "tag", owners.get(t.name) || ""));
    button.addEventListener("click", () => toggle(t, item, button));
    item.append(button);
    return item;
  }));
  if (shown.length < found.length) {
    const item = el("li"), more = el("button"), text = el("span", "", "Show " + (found.length - shown.length) + " more");
    more.type = "button";
    more.append(text);
    more.addEventListener("click", () => { all = true; showTools(); });
    item.append(more);
    $("tools").append(item);
  }
  if (!found.length) { const item = el("li"); item.append(el("div", "empty", tools.length ? "No tool matches." : "No tools yet.")); $("tools").append(item); }
}
function toggle(tool, item, button) {
  if (opened) { opened.panel.remove(); opened.button.setAttribute("aria-expanded", "false"); }
  if (opened && opened.item === item) { opened = null; return; }
  const panel = makeExplorer(tool);
  item.append(panel);
  button.setAttribute("aria-expanded", "true");
  opened = { tool, item, button, panel };
}

function resolve(schema, root, depth) {
  if (!schema || typeof schema !== "object" || depth > 8) return {};
  if (typeof schema.$ref === "string" && schema.$ref.startsWith("#/")) {
    let target = root;
    for (const part of schema.$ref.slice(2).split("/")) target = target && target[part.replaceAll("~1", "/").replaceAll("~0", "~")];
    return { ...resolve(target, root, depth + 1), ...schema, $ref: undefined };
  }
  // "Or null" is how many generators write that something may be left out.
  const either = schema.anyOf || schema.oneOf;
  if (Array.isArray(either)) {
    const rest = either.filter(s => s && s.type !== "null");
    if (rest.length === 1) return { ...schema, ...resolve(rest[0], root, depth + 1), anyOf: undefined, oneOf: undefined };
  }
  if (Array.isArray(schema.type)) {
    const rest = schema.type.filter(t => t !== "null");
    if (rest.length === 1) return { ...schema, type: rest[0] };
  }
  return schema;
}

// A field gives its value, undefined where it is left out; it throws where what was typed is none.
function makeField(name, schema, root, required, depth) {
  const s = resolve(schema, root, 0);
  if (s.type === "object" && s.properties && depth < 3) return makeGroup(name, s, root, required, depth);
  const box = el("div", "field"), label = el("label", "", s.title || name);
  const id = "field-" + Math.random().toString(36).slice(2);
  label.htmlFor = id;
  if (required) label.append(el("b", "", " *"));
  label.append(el("em", "", typeName(s)));
  box.append(label);
  if (s.description) box.append(el("p", "", s.description));
  const choices = Array.isArray(s.enum) ? s.enum : s.const !== undefined ? [s.const] : s.type === "boolean" ? [true, false] : null;
  let input, value;
  if (choices) {
    input = el("select");
    if (!required || s.default === undefined) input.append(new Option(required ? "choose" : "–", ""));
    choices.forEach((c, i) => input.append(new Option(typeof c === "string" ? c : JSON.stringify(c), String(i))));
    const preset = s.default !== undefined ? choices.indexOf(s.default) : choices.length === 1 && required ? 0 : -1;
    if (preset >= 0) input.value = String(preset);
    value = () => input.value === "" ? undefined : choices[Number(input.value)];
  } else if (s.type === "integer" || s.type === "number") {
    input = el("input");
    input.type = "number";
    input.step = s.type === "integer" ? "1" : "any";
    if (typeof s.minimum === "number") input.min = s.minimum;
    if (typeof s.maximum === "number") input.max = s.maximum;
    if (s.default !== undefined) input.value = s.default;
    value = () => input.value === "" ? undefined : Number(input.value);
  } else if (s.type === "string") {
    input = el(s.maxLength > 200 || /multi-?line|text/.test(s.format || "") ? "textarea" : "input");
    if (s.format === "date") input.type = "date";
    if (s.default !== undefined) input.value = s.default;
    value = () => input.value === "" && !required ? undefined : input.value;
  } else {
    input = el("textarea");
    input.placeholder = s.type === "array" ? "[ … ] as JSON" : s.type === "object" ? "{ … } as JSON" : "any JSON value";
    input.spellcheck = false;
    if (s.default !== undefined) input.value = JSON.stringify(s.default);
    value = () => { if (!input.value.trim()) return undefined; try { return JSON.parse(input.value); } catch (e) { throw new Error((s.title || name) + " is no JSON: " + e.message); } };
  }
  input.id = id;
  input.name = name;
  // An empty text is a text.
  if (required && s.type !== "string") input.required = true;
  box.append(input);
  return { name, box, value };
}
function makeGroup(name, s, root, required, depth) {
  const box = el("fieldset"), legend = el("legend", "", s.title || name);
  if (required) legend.append(el("b", "", " *"));
  box.append(legend);
  if (s.description) box.append(el("p", "soft small", s.description));
  const fields = fieldsOf(s, root, depth + 1);
  box.append(...fields.map(f => f.box));
  return { name, box, value: () => { const o = gather(fields); return Object.keys(o).length || required ? o : undefined; } };
}
const fieldsOf = (s, root, depth) => Object.entries(s.properties || {}).map(([name, schema]) => makeField(name, schema, root, (s.required || []).includes(name), depth));
function gather(fields) {
  const o = {};
  for (const f of fields) { const v = f.value(); if (v !== undefined) o[f.name] = v; }
  return o;
}
function typeName(s) {
  const t = Array.isArray(s.enum) ? "choice" : Array.isArray(s.type) ? s.type.join(" or ") : s.type || "any";
  const from = s.minimum ?? s.minLength, to = s.maximum ?? s.maxLength;
  return from !== undefined && to !== undefined ? t + ", " + from + " to " + to : from !== undefined ? t + ", from " + from : to !== undefined ? t + ", up to " + to : t;
}

function makeExplorer(tool) {
  const panel = el("div", "explorer"), form = el("form"), outcome = el("div", "outcome");
  const schema = resolve(tool.inputSchema, tool.inputSchema, 0);
  const fields = fieldsOf(schema, tool.inputSchema, 0);
  const raw = el("textarea"), isRaw = el("button", "", "As JSON"), send = el("button", "main", "Call"), row = el("div", "row"), box = el("div");
  // The row above shows two lines of it.
  if (tool.description && (tool.description.length > 100 || tool.description.includes("\n"))) panel.append(el("p", "about", tool.description));
  box.append(...fields.map(f => f.box));
  box.className = "field";
  if (!fields.length) box.append(el("p", "soft small", "It names no arguments."));
  fields.forEach((f, i) => { if (i) f.box.style.marginTop = "10px"; });
  raw.hidden = true; raw.rows = 8; raw.spellcheck = false; raw.setAttribute("aria-label", "Arguments as JSON");
  isRaw.type = "button";
  isRaw.addEventListener("click", () => {
    if (raw.hidden) { try { raw.value = JSON.stringify(gather(fields), null, 2); } catch { raw.value = "{}"; } }
    raw.hidden = !raw.hidden; box.hidden = !raw.hidden; isRaw.textContent = raw.hidden ? "As JSON" : "As a form";
    for (const input of box.querySelectorAll("input, select, textarea")) input.disabled = box.hidden;
  });
  const details = el("details"), shown = el("pre", "", JSON.stringify(tool, null, 2));
  details.append(el("summary", "", "Definition"), shown);
  row.append(send, isRaw);
  form.append(box, raw, row, details);
  form.addEventListener("submit", async e => {
    e.preventDefault();
    let args;
    try { args = raw.hidden ? gather(fields) : JSON.parse(raw.value || "{}"); } catch (error) { showFault(outcome, error.message); return; }
    send.disabled = true;
    outcome.replaceChildren(el("p", "soft small", "Calling …"));
    const began = performance.now();
    try {
      const reply = await call("tools/call", { name: tool.name, arguments: args });
      showOutcome(outcome, reply, performance.now() - began);
    } catch (error) {
      showFault(outcome, "There was no reply: " + error.message);
    }
    send.disabled = false;
  });
  outcome.append(el("p", "soft small", "The result will stand here."));
  outcome.setAttribute("aria-live", "polite");
  panel.append(form, outcome);
  return panel;
}
function showFault(outcome, text) { outcome.className = "outcome bad"; outcome.replaceChildren(el("h3", "", "Not called"), el("pre", "said", text)); }
function showOutcome(outcome, reply, ms) {
  const failed = reply.error || (reply.result && reply.result.isError);
  outcome.className = failed ? "outcome bad" : "outcome";
  const head = el("div", "row");
  head.append(el("span", "pill " + (failed ? "bad" : "good"), reply.error ? "error " + reply.error.code : failed ? "the tool failed" : "result"), el("span", "soft small", time(ms).join(" ")));
  outcome.replaceChildren(head);
  if (reply.error) outcome.append(el("pre", "said", reply.error.message));
  const result = reply.result || {};
  for (const c of Array.isArray(result.content) ? result.content : []) outcome.append(showContent(c));
  if (result.structuredContent !== undefined) outcome.append(el("p", "soft small", "Structured"), el("pre", "", JSON.stringify(result.structuredContent, null, 2)));
  const details = el("details");
  details.append(el("summary", "", "Whole reply"), el("pre", "", JSON.stringify(reply, null, 2)));
  outcome.append(details);
}
function showContent(c) {
  if (c.type === "text") return el("pre", "said", c.text);
  if (c.type === "image" && /^image\/(png|jpeg|gif|webp)$/.test(c.mimeType || "")) { const img = el("img"); img.alt = "the tool's picture"; img.src = "data:" + c.mimeType + ";base64," + c.data; return img; }
  return el("pre", "", c.type === "audio" || c.type === "image" ? c.type + ", " + c.mimeType : JSON.stringify(c, null, 2));
}
$("filter").addEventListener("input", showTools);
