"use strict";
// Names, descriptions and errors come from servers nobody here vouches for: they enter the page as text only.
const $ = id => document.getElementById(id);
const el = (tag, className, text) => { const e = document.createElement(tag); if (className) e.className = className; if (text !== undefined) e.textContent = text; return e; };
const count = n => n >= 1e6 ? (n / 1e6).toFixed(2) + " M" : n.toLocaleString("en-US");
const setUnit = (e, value, unit) => { e.replaceChildren(document.createTextNode(value), el("small", "", unit)); };
// The gateway's histogram begins at 10 µs: what is faster it knows as "at most".
const time = ms => !ms ? ["–", ""] : ms <= 0.01 ? ["≤ 10", "µs"] : ms < 1 ? [Math.round(ms * 1000), "µs"] : ms < 1000 ? [ms < 10 ? ms.toFixed(2) : ms < 100 ? ms.toFixed(1) : Math.round(ms), "ms"] : [(ms / 1000).toFixed(2), "s"];
const speed = r => r >= 100 ? Math.round(r).toLocaleString("en-US") : r >= 10 ? r.toFixed(1) : r === 0 ? "0" : r.toFixed(2);
const megabytes = n => (n / 1048576).toFixed(0);
const lasting = s => { const d = Math.floor(s / 86400), h = Math.floor(s / 3600) % 24, m = Math.floor(s / 60) % 60; return d ? d + " d " + h + " h" : h ? h + " h " + m + " min" : m ? m + " min" : Math.floor(s) + " s"; };
const tone = { ready: "good", starting: "warn", restarting: "warn", failing: "bad", stopped: "bad", drained: "warn" };
const show = (e, text) => { e.hidden = !text; if (text && e.textContent !== text) e.textContent = text; };

const Kept = 120, Window = 10;
const series = { rate: [], errors: [], p50: [], p99: [], memory: [] };
let last = null, snapshots = [];

// Figures of the last seconds: the difference of two states of the gateway's histogram.
function percentiles(now, before, shares) {
  const old = new Map(before.buckets), counts = [];
  let all = 0;
  for (const [bound, n] of now.buckets) { const grown = n - (old.get(bound) || 0); if (grown > 0) { counts.push([bound, grown]); all += grown; } }
  return shares.map(share => {
    let rank = Math.max(1, Math.ceil(share * all));
    for (const [bound, n] of counts) {
      if (rank <= n) { const lower = bound / 1.0965; return bound <= 0.01 ? bound : lower + (bound - lower) * rank / n; }
      rank -= n;
    }
    return 0;
  });
}

// Time runs to the right edge; what was before the page was opened is not drawn.
function chart(line, area, values, top) {
  const first = Kept - values.length;
  const points = values.map((v, i) => first + i + " " + (97 - 92 * v / top).toFixed(2)).join("L");
  $(line).setAttribute("d", values.length > 1 ? "M" + points : "");
  if (area) $(area).setAttribute("d", values.length > 1 ? "M" + first + " 100L" + points + "L" + (Kept - 1) + " 100Z" : "");
}
function showCharts() {
  const top = Math.max(1, ...series.rate), slowest = Math.max(0.1, ...series.p99), most = Math.max(1, ...series.memory);
  chart("rateline", "ratearea", series.rate, top);
  chart("errorline", null, series.errors, top);
  chart("p50line", null, series.p50, slowest);
  chart("p99line", null, series.p99, slowest);
  chart("memoryline", "memoryarea", series.memory, most * 1.1);
  if (!series.rate.length) return;
  $("peakrate").textContent = "peak " + speed(Math.max(...series.rate)) + "/s";
  $("peaklatency").textContent = "peak " + time(Math.max(...series.p99)).join(" ");
  $("peakmemory").textContent = "peak " + megabytes(Math.max(...series.memory)) + " MB";
}
function keep(key, value) { series[key].push(value); if (series[key].length > Kept) series[key].shift(); }

const cards = new Map();
function makeCard(u) {
  const c = { root: el("article", "card upstream"), fields: {} };
  const head = el("div", "head");
  c.name = el("strong", "", u.name); c.pill = el("span", "pill"); c.transport = el("span", "tag"); c.era = el("span", "tag"); c.prefix = el("span", "tag"); c.target = el("span", "target");
  c.actions = el("div", "actions");
  c.restart = el("button", "", "Restart"); c.drain = el("button", "", "Drain");
  c.restart.addEventListener("click", () => act(c.restart, "POST", "/admin/upstreams/" + encodeURIComponent(u.name) + "/restart"));
  c.drain.addEventListener("click", () => act(c.drain, "POST", "/admin/upstreams/" + encodeURIComponent(u.name) + (c.drained ? "/enable" : "/drain")));
  c.actions.append(c.restart, c.drain);
  head.append(c.name, c.pill, c.transport, c.era, c.prefix, c.target, c.actions);
  const list = el("dl");
  for (const [key, label] of [["rate", "calls/s"], ["calls", "calls"], ["p50", "P50"], ["p95", "P95"], ["p99", "P99"], ["inFlight", "in flight"], ["errors", "errors"], ["restarts", "restarts"], ["tools", "tools"]]) {
    const box = el("div"); c.fields[key] = el("dd"); box.append(el("dt", "", label), c.fields[key]); list.append(box);
  }
  c.pool = el("div", "pool");
  c.members = el("div", "members");
  c.error = el("div", "error"); c.errorText = document.createTextNode("");
  c.errorTitle = el("b");
  c.error.append(c.errorTitle, c.errorText);
  c.details = el("details"); c.lines = el("pre");
  c.details.append(el("summary", "", "Standard error"), c.lines);
  c.root.append(head, list, c.pool, c.members, c.error, c.details);
  return c;
}
function showUpstream(u, before, seconds) {
  let c = cards.get(u.name);
  if (!c) { c = makeCard(u); cards.set(u.name, c); $("upstreams").append(c.root); }
  const state = u.drained && u.state === "ready" ? "drained" : u.state;
  c.pill.textContent = state; c.pill.className = "pill " + (tone[state] || "");
  show(c.transport, u.transport); show(c.era, u.version ? u.version + " · " + u.era : ""); show(c.prefix, u.prefix ? u.prefix + "_" : ""); show(c.target, u.target);
  c.drained = u.drained; c.drain.textContent = u.drained ? "Enable" : "Drain";
  c.restart.hidden = u.transport === "in-process";
  c.actions.hidden = !admin.isOpen;
  const f = c.fields;
  f.rate.textContent = before && seconds > 0 ? speed(Math.max(0, u.calls - before.calls) / seconds) : "–";
  f.calls.textContent = count(u.calls);
  for (const p of ["p50", "p95", "p99"]) f[p].textContent = time(u[p + "Milliseconds"]).join(" ");
  for (const key of ["inFlight", "errors", "restarts", "tools"]) f[key].textContent = count(u[key]);
  f.errors.className = u.errors ? "bad" : "";
  c.members.hidden = !u.members.length;
  c.members.replaceChildren(...u.members.map(m => {
    const row = el("div", "line"), state = m.takenOut ? "taken out" : m.state === "ready" && m.ejected ? "left out" : m.state;
    row.append(el("span", "", m.name), el("span", "target", m.target), el("span", "soft small", m.inFlight + " in flight · weight " + m.weight + " · left out " + m.ejections + " times"), el("span", "pill " + (state === "left out" || state === "taken out" ? "bad" : tone[state] || ""), state));
    return row;
  }));
  c.pool.hidden = u.maxConnections < 2;
  if (u.maxConnections > 1) {
    const places = Math.min(u.maxConnections, 32);
    c.pool.replaceChildren(...Array.from({ length: places }, (_, i) => el("u", i < u.connections ? "up" : "")), el("span", "", u.connections + " of " + u.maxConnections + (u.members.length ? " connections" : " processes")));
  }
  c.error.hidden = !u.lastError; c.errorText.data = u.lastError || "";
  if (u.lastError) c.errorTitle.textContent = "Last error, " + lasting(u.lastErrorAgeSeconds) + " ago  ";
  c.details.hidden = !u.standardError.length;
  const text = u.standardError.join("\n");
  if (c.lines.textContent !== text) c.lines.textContent = text;
}
function removeUpstreams(names) {
  for (const [name, c] of cards) if (!names.has(name)) { c.root.remove(); cards.delete(name); }
}

let alertText = "";
function showAlerts(s, errors, calls) {
  const alerts = [];
  for (const u of s.upstreams) {
    if (u.state === "failing") alerts.push({ bad: true, title: u.name, text: "is not up: it is tried again, and calls to it are refused" + (s.missing.some(m => m.upstream === u.name) ? "; lists say that it is missing" : "") });
    if (u.drained) alerts.push({ title: u.name, text: "was taken out of service; calls to it are refused" });
    for (const c of u.changes) alerts.push({ bad: c.withheld, title: u.name + ": " + c.tool, text: (c.withheld ? "is withheld, for it has changed (" : "has changed (") + c.verdict + "): " + c.what, upstream: u.name, tool: c.tool });
  }
  const failing = new Set(s.upstreams.filter(u => u.state === "failing").map(u => u.name));
  for (const m of s.missing) if (!failing.has(m.upstream)) alerts.push({ title: m.upstream, text: "is not in the lists: " + m.reason });
  if (calls >= 10 && errors / calls > 0.05) alerts.push({ bad: true, title: Math.round(100 * errors / calls) + " % of calls", text: "failed in the last 10 s" });
  if (s.memoryPressure !== "none") alerts.push({ bad: s.memoryPressure === "hard", title: "Memory is short:", text: "results that are kept shrink, and " + (s.memoryPressure === "hard" ? "slow and normal" : "slow") + " calls are refused" });
  const key = JSON.stringify(alerts) + admin.isOpen;
  if (key === alertText) return;
  alertText = key;
  $("alerts").replaceChildren(...alerts.map(a => {
    const box = el("div", a.bad ? "alert bad" : "alert"), text = el("span");
    text.append(el("b", "", a.title), document.createTextNode(" " + a.text));
    box.append(text);
    if (a.tool && admin.isOpen) {
      const accept = el("button", "", "Accept");
      accept.addEventListener("click", () => act(accept, "POST", "/admin/upstreams/" + encodeURIComponent(a.upstream) + "/accept", { tool: a.tool }));
      box.append(accept);
    }
    return box;
  }));
}

function showTotals(s, seconds) {
  const now = { at: s.uptimeSeconds, calls: s.total.calls, errors: s.total.errors, buckets: s.total.buckets };
  snapshots.push(now);
  while (snapshots.length > 2 && snapshots[1].at <= now.at - Window) snapshots.shift();
  const before = snapshots[0];
  const [p50, p95, p99] = percentiles(now, before, [0.5, 0.95, 0.99]);
  const rate = last && seconds > 0 ? Math.max(0, s.total.calls - last.total.calls) / seconds : 0;
  if (last) {
    const fresh = percentiles(now, { buckets: last.total.buckets }, [0.5, 0.99]);
    keep("rate", rate); keep("errors", seconds > 0 ? Math.max(0, s.total.errors - last.total.errors) / seconds : 0);
    keep("p50", fresh[0]); keep("p99", fresh[1]); keep("memory", s.process.workingSetBytes);
  }
  const errors = now.errors - before.errors, calls = now.calls - before.calls;
  $("rate").textContent = speed(rate);
  $("calls").textContent = count(s.total.calls) + " in all";
  $("inflight").textContent = count(s.total.inFlight);
  $("connections").textContent = count(s.connections) + " connections";
  setUnit($("p50"), ...time(p50)); setUnit($("p95"), ...time(p95)); setUnit($("p99"), ...time(p99));
  $("errors").textContent = count(errors); $("allerrors").textContent = count(s.total.errors) + " in all";
  $("errortile").className = errors ? "tile bad" : "tile";
  setUnit($("memory"), megabytes(s.process.workingSetBytes), "MB"); $("heap").textContent = "heap " + megabytes(s.process.heapBytes) + " MB";
  setUnit($("cpu"), s.process.cpuPercent.toFixed(1), "%"); $("threads").textContent = s.process.threads + " threads";
  showCharts();
  showAlerts(s, errors, calls);
}

function showCache(c) {
  const asked = c.hits + c.misses + c.coalesced;
  $("cache").hidden = !asked && !c.entries;
  $("cacheshare").textContent = asked ? (100 * c.hits / asked).toFixed(1) + " %" : "–";
  $("cachefill").textContent = count(c.entries) + " results, " + (c.bytes / 1048576).toFixed(1) + " of " + megabytes(c.maxBytes) + " MB";
  for (const key of ["hits", "misses", "coalesced", "servedStale", "invalidated", "evicted"]) $("cache-" + key).textContent = count(c[key]);
  $("clearcache").hidden = !admin.isOpen;
}

function showStatus(s) {
  const seconds = last ? s.uptimeSeconds - last.uptimeSeconds : 0;
  if (last && seconds < 0) { last = null; snapshots = []; return; }
  gatewayName = /^[A-Za-z0-9_-]+$/.test(s.name) ? s.name : "peregrine";
  $("name").textContent = s.name === "peregrine" ? "Peregrine gateway" : s.name;
  $("version").textContent = "v" + s.version;
  const up = s.upstreams.filter(u => u.state === "ready" && !u.drained).length;
  $("state").textContent = !s.ready ? "starting" : up === s.upstreams.length ? "ready" : up + " of " + s.upstreams.length + " ready";
  $("state").className = "pill push " + (s.ready && up === s.upstreams.length ? "good" : up ? "warn" : s.ready ? "bad" : "warn");
  $("uptime").textContent = "up " + lasting(s.uptimeSeconds);
  showTotals(s, seconds);
  const before = new Map((last ? last.upstreams : []).map(u => [u.name, u]));
  $("upcount").textContent = "· " + s.upstreams.length;
  for (const u of s.upstreams) showUpstream(u, before.get(u.name), seconds);
  removeUpstreams(new Set(s.upstreams.map(u => u.name)));
  if (!s.upstreams.length && !$("upstreams").firstChild) $("upstreams").append(el("div", "card empty", "No servers. Start the gateway with --config FILE."));
  if (s.tools) {
    owners = new Map(s.tools.map(t => [t.name, t.upstream]));
    $("dropped").replaceChildren(...s.dropped.map(d => el("div", "error", "Not offered: " + d)));
    loadTools();
  }
  showCache(s.cache);
  admin.needsToken = s.adminNeedsToken;
  last = s;
}
async function poll() {
  try {
    const reply = await fetch("/api/status?catalog=" + (last ? last.catalog : 0), { cache: "no-store", signal: AbortSignal.timeout(5000) });
    if (!reply.ok) throw new Error(reply.statusText);
    const status = await reply.json();
    document.body.classList.remove("lost");
    const first = !last;
    showStatus(status);
    if (first) showSnippet();
  } catch (e) {
    document.body.classList.add("lost");
    $("state").textContent = "offline"; $("state").className = "pill push bad";
  }
  setTimeout(poll, document.hidden ? 5000 : 1000);
}
