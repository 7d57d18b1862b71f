
// What operators do. Where the admin API does not let this page in, it says why.
const admin = { isOpen: false, needsToken: false, token: "" };
async function ask(method, path, body) {
  const headers = {};
  if (admin.token) headers.Authorization = "Bearer " + admin.token;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const reply = await fetch(path, { method, headers, cache: "no-store", body: body === undefined ? undefined : JSON.stringify(body) });
  const answer = await reply.json();
  if (!reply.ok) { const error = new Error([answer.error, ...(answer.errors || [])].join("\n")); error.status = reply.status; throw error; }
  return answer;
}
function refuse(error) {
  admin.isOpen = false;
  $("adminreason").textContent = error.message;
  $("tokenform").hidden = error.status !== 401;
  $("adminnote").hidden = false;
}
async function act(button, method, path, body) {
  button.disabled = true;
  try { return await ask(method, path, body); }
  catch (error) { if (error.status === 401 || error.status === 403) refuse(error); else alertOnce(error.message); }
  finally { button.disabled = false; refresh(); }
}
function alertOnce(text) {
  const box = el("div", "alert bad"), close = el("button", "", "Close");
  close.addEventListener("click", () => box.remove());
  box.append(el("span", "", text), close);
  $("alerts").after(box);
  box.style.marginTop = "8px";
}

const outcomeTone = { ok: "good", tool_error: "warn", cancelled: "warn" };
function showCalls(c) {
  $("record").disabled = false;
  $("record").textContent = c.recording ? "Stop recording" : "Record calls";
  $("record").dataset.on = c.recording;
  const rows = [...c.active.map(x => ({ ...x, outcome: "running" })), ...c.recent].slice(0, 20);
  $("callsnote").textContent = c.recording ? "Running, and the latest that have ended. Slower than " + c.slowCallSeconds + " s goes into the log." : "Single calls are not recorded: recording costs each call a little.";
  $("calltable").hidden = !rows.length;
  $("callrows").replaceChildren(...rows.map(r => {
    const row = el("tr"), name = el("td");
    name.append(el("code", "", r.name || "–"));
    row.append(el("td", "", new Date(r.began).toLocaleTimeString("en-GB")), el("td", "hide", r.method), name, el("td", "number", time(r.milliseconds).join(" ")),
      el("td", r.outcome === "running" ? "" : outcomeTone[r.outcome] || "bad", r.outcome.replace("_", " ")));
    return row;
  }));
}
function line(title, text, ...controls) {
  const row = el("div", "line"), left = el("div");
  left.append(el("span", "", title), el("p", "", text));
  row.append(left, ...controls);
  return row;
}
let switchText = "", sessionText = "";
function showSwitches(s) {
  const key = JSON.stringify(s);
  if (key === switchText) return;
  switchText = key;
  $("switches").replaceChildren(...s.switches.map(one => {
    const button = el("button", "", one.on ? "Turn off" : "Turn on");
    button.addEventListener("click", () => act(button, "PUT", "/admin/switches/" + encodeURIComponent(one.name), { on: !one.on }));
    return line(one.name + (one.on ? one.percent < 100 ? " · " + one.percent + " %" : " · on" : " · off"), one.description, button);
  }));
}
function showSessions(s) {
  $("sessioncount").textContent = "· " + s.sessions.length;
  const shown = s.sessions.slice(0, 20).map(one => ({ ...one, ageSeconds: 0, idle: lasting(one.idleSeconds) }));
  const key = JSON.stringify(shown);
  if (key === sessionText) return;
  sessionText = key;
  $("sessions").replaceChildren(...shown.map(one => {
    const button = el("button", "", "End");
    button.addEventListener("click", () => act(button, "DELETE", "/admin/sessions/" + encodeURIComponent(one.name)));
    return line(one.client || "a client without a name", one.path + " · " + one.version + " · idle " + one.idle, button);
  }));
  if (!shown.length) $("sessions").append(el("p", "soft small", "None is open. Clients of the stateless era have none."));
}
$("record").addEventListener("click", () => act($("record"), "PUT", "/admin/switches/call-records", { on: $("record").dataset.on !== "true" }));
$("clearcache").addEventListener("click", () => act($("clearcache"), "POST", "/admin/cache/clear"));
$("reload").addEventListener("click", async () => {
  const r = await act($("reload"), "POST", "/admin/reload");
  if (!r) return;
  const parts = ["added", "changed", "removed"].filter(k => r[k].length).map(k => k + " " + r[k].join(", ")).concat(r.policiesChanged ? ["policies changed"] : [], r.notApplied);
  show($("reloaded"), parts.length ? parts.join("; ") : "Nothing has changed.");
});
$("tokenform").addEventListener("submit", e => { e.preventDefault(); admin.token = $("token").value; $("token").value = ""; refresh(); });

let refreshing = false;
async function refresh() {
  if (refreshing) return;
  refreshing = true;
  try {
    const [calls, switches, sessions] = await Promise.all([ask("GET", "/admin/calls?limit=20"), ask("GET", "/admin/switches"), ask("GET", "/admin/sessions")]);
    admin.isOpen = true;
    $("adminnote").hidden = true;
    $("reload").disabled = false;
    showCalls(calls); showSwitches(switches); showSessions(sessions);
  } catch (error) {
    if (error.status === 401 || error.status === 403) refuse(error);
  }
  refreshing = false;
}

const endpoint = location.origin + "/mcp";
const snippets = {
  "Claude Code": n => "claude mcp add --transport http " + n + " " + endpoint,
  "Cursor": n => JSON.stringify({ mcpServers: { [n]: { url: endpoint } } }, null, 2),
  "VS Code": n => JSON.stringify({ servers: { [n]: { type: "http", url: endpoint } } }, null, 2),
  "Claude Desktop": n => JSON.stringify({ mcpServers: { [n]: { command: "npx", args: ["-y", "mcp-remote", endpoint] } } }, null, 2),
  "curl": () => "curl -s " + endpoint + " \\\n  -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' \\\n  -d '{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}'"
};
let client = "Claude Code", gatewayName = "peregrine";
const showSnippet = () => {
  $("snippet").textContent = snippets[client](gatewayName);
  for (const b of $("tabs").children) b.setAttribute("aria-selected", String(b.textContent === client));
};
for (const name of Object.keys(snippets)) {
  const b = el("button", "", name);
  b.type = "button";
  b.setAttribute("role", "tab");
  b.addEventListener("click", () => { client = name; showSnippet(); });
  $("tabs").append(b);
}
$("url").textContent = endpoint;
showSnippet();
const copy = async (button, text) => {
  const label = button.dataset.label || (button.dataset.label = button.textContent);
  try { await navigator.clipboard.writeText(text); button.textContent = "Copied"; }
  catch { button.textContent = "Select and copy"; }
  setTimeout(() => { button.textContent = label; }, 1500);
};
$("copyurl").addEventListener("click", e => copy(e.currentTarget, endpoint));
$("copysnippet").addEventListener("click", e => copy(e.currentTarget, $("snippet").textContent));

async function pollAdmin() {
  // Who was refused is not let in by asking again.
  if (admin.isOpen || $("adminnote").hidden) await refresh();
  setTimeout(pollAdmin, document.hidden ? 10000 : 2000);
}
showCharts();
poll();
pollAdmin();
