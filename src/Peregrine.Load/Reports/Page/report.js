"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const svgNames = "http://www.w3.org/2000/svg";
  const time = ns => ns < 1e3 ? `${Math.round(ns)} ns` : ns < 1e6 ? `${short(ns / 1e3)} µs` : ns < 1e9 ? `${short(ns / 1e6)} ms` : `${short(ns / 1e9)} s`;
  const short = value => value === 0 ? "0" : value.toLocaleString("en", { maximumSignificantDigits: value >= 1000 ? 4 : 3, notation: value >= 100000 ? "compact" : "standard" });
  const seconds = value => `${short(value)} s`;
  const color = name => `var(--${name})`;

  function make(parent, name, attributes, text) {
    const element = document.createElementNS(svgNames, name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    if (text !== undefined) element.textContent = text;
    parent.append(element);
    return element;
  }

  // Round steps, at most `count` of them.
  function linearTicks(low, high, count) {
    const raw = (high - low) / Math.max(1, count) || 1;
    const power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].map(one => one * power).find(one => one >= raw);
    const ticks = [];
    for (let at = Math.ceil(low / step) * step; at <= high + step / 1e6; at += step) ticks.push(at);
    return ticks;
  }

  function logTicks(low, high) {
    const wide = Math.log10(high / low) > 3.2;
    const ticks = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++)
      for (const one of wide ? [1] : [1, 2, 5]) {
        const tick = one * 10 ** power;
        if (tick >= low * 0.999 && tick <= high * 1.001) ticks.push(tick);
      }
    return ticks;
  }

  function chart(id, options) {
    const host = document.getElementById(id);
    const lines = options.lines.filter(line => line.points.length > 0);
    if (!host || lines.length === 0) return;
    if (lines.length > 1) {
      const legend = document.createElement("div");
      legend.className = "legend";
      for (const line of lines) {
        const item = document.createElement("span");
        const mark = document.createElement("i");
        mark.style.background = color(line.color);
        item.append(mark, line.name);
        legend.append(item);
      }
      host.before(legend);
    }
    const tip = document.createElement("div");
    tip.className = "tip";
    host.append(tip);
    let drawn;
    const draw = () => {
      const width = Math.max(240, host.clientWidth);
      if (drawn && drawn.width === width) return;
      drawn?.svg.remove();
      drawn = render(host, width, options, lines, tip);
    };
    draw();
    new ResizeObserver(draw).observe(host);
  }

  function render(host, width, options, lines, tip) {
    const height = options.height ?? 220;
    const edge = { left: 58, right: 14, top: 10, bottom: 24 };
    const all = lines.flatMap(line => line.points);
    const xLow = options.xLow ?? Math.min(...all.map(point => point[0]));
    const xHigh = Math.max(...all.map(point => point[0]), xLow + 1e-9);
    const values = all.map(point => point[1]).filter(value => !options.log || value > 0);
    let yLow = options.log ? Math.min(...values) : 0;
    let yHigh = Math.max(...values, options.log ? yLow * 1.01 : 1e-9);
    if (options.log) {
      yLow /= 1.25;
      yHigh *= 1.15;
      if (yHigh / yLow < 8) { const middle = Math.sqrt(yHigh * yLow); yLow = Math.min(yLow, middle / 2.9); yHigh = Math.max(yHigh, middle * 2.9); }
    } else yHigh *= 1.08;
    const x = value => edge.left + (value - xLow) / (xHigh - xLow) * (width - edge.left - edge.right);
    const scale = options.log ? value => Math.log(Math.max(value, yLow) / yLow) / Math.log(yHigh / yLow) : value => value / yHigh;
    const y = value => height - edge.bottom - scale(value) * (height - edge.top - edge.bottom);
    const svg = make(host, "svg", { viewBox: `0 0 ${width} ${height}`, height, role: "img", "aria-label": options.label });

    for (const tick of options.log ? logTicks(yLow, yHigh) : linearTicks(0, yHigh, 4)) {
      make(svg, "line", { x1: edge.left, x2: width - edge.right, y1: y(tick), y2: y(tick), stroke: color("grid") });
      make(svg, "text", { x: edge.left - 8, y: y(tick) + 4, "text-anchor": "end" }, options.yText(tick));
    }
    const xTicks = options.xTicks?.filter(tick => tick.at <= xHigh + 1e-9) ?? linearTicks(xLow, xHigh, width / 110).map(at => ({ at, text: options.xText(at) }));
    let free = -Infinity;
    for (const tick of xTicks) {
      const at = x(tick.at), wide = tick.text.length * 7;
      const anchor = at > width - 40 ? "end" : at < edge.left + 12 ? "start" : "middle";
      const begin = at - (anchor === "end" ? wide : anchor === "middle" ? wide / 2 : 0);
      if (begin < free) continue;
      free = begin + wide + 8;
      make(svg, "line", { x1: at, x2: at, y1: height - edge.bottom, y2: height - edge.bottom + 4, stroke: color("line") });
      make(svg, "text", { x: at, y: height - 6, "text-anchor": anchor }, tick.text);
    }
    make(svg, "line", { x1: edge.left, x2: width - edge.right, y1: height - edge.bottom, y2: height - edge.bottom, stroke: color("line") });

    for (const line of lines) {
      if (line.bars) {
        for (const [at, value] of line.points) if (value > 0) {
          const top = Math.min(y(value), height - edge.bottom - 2);
          make(svg, "rect", { x: x(at) - 2, y: top, width: 4, height: height - edge.bottom - top, fill: color(line.color) });
        }
        continue;
      }
      const path = line.points.map((point, i) => `${i ? "L" : "M"}${x(point[0]).toFixed(1)} ${y(point[1]).toFixed(1)}`).join("");
      if (line.area) {
        const end = line.points[line.points.length - 1];
        make(svg, "path", { d: `${path}L${x(end[0])} ${height - edge.bottom}L${x(line.points[0][0])} ${height - edge.bottom}Z`, fill: color(line.color), opacity: 0.14 });
      }
      if (line.points.length === 1) make(svg, "circle", { cx: x(line.points[0][0]), cy: y(line.points[0][1]), r: 3.5, fill: color(line.color) });
      make(svg, "path", { d: path, fill: "none", stroke: color(line.color), "stroke-width": line.thin ? 1.3 : 2, "stroke-linejoin": "round" });
    }

    const cross = make(svg, "line", { y1: edge.top, y2: height - edge.bottom, stroke: color("soft"), "stroke-dasharray": "3 3", visibility: "hidden" });
    const hide = () => { tip.style.visibility = "hidden"; cross.setAttribute("visibility", "hidden"); };
    svg.addEventListener("pointerleave", hide);
    svg.addEventListener("pointermove", event => {
      const box = svg.getBoundingClientRect();
      const wanted = xLow + ((event.clientX - box.left) * width / box.width - edge.left) / (width - edge.left - edge.right) * (xHigh - xLow);
      const near = points => points.reduce((best, point) => Math.abs(point[0] - wanted) < Math.abs(best[0] - wanted) ? point : best);
      const at = near(lines[0].points)[0];
      tip.replaceChildren(options.tipText(at), ...lines.flatMap(line => [document.createElement("br"), `${line.name}: ${options.yText(near(line.points)[1])}`]));
      cross.setAttribute("x1", x(at));
      cross.setAttribute("x2", x(at));
      cross.setAttribute("visibility", "visible");
      const left = x(at) * box.width / width;
      tip.style.left = left > box.width / 2 ? `${left - tip.offsetWidth - 12}px` : `${left + 12}px`;
      tip.style.visibility = "visible";
    });
    return { svg, width };
  }

  const series = data.series;
  const pick = member => series.map(point => [point.second, point[member]]);
  const overTime = { xText: seconds, tipText: at => `second ${at}` };
  chart("latency", { ...overTime, label: "Latency over time", log: true, yText: time, height: 240, lines: [
    { name: "P50", color: "a", points: pick("p50") }, { name: "P99", color: "b", points: pick("p99") }, { name: "max", color: "c", thin: true, points: pick("max") }] });

  const levels = [0, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999];
  const depth = share => -Math.log10(1 - share);
  chart("spectrum", { label: "Percentile spectrum", log: true, yText: time, height: 240, xLow: 0,
    xTicks: levels.map(share => ({ at: depth(share), text: `${+(share * 100).toFixed(4)} %` })),
    tipText: at => `${+((1 - 10 ** -at) * 100).toPrecision(6)} %`,
    lines: data.spectra.map((one, i) => ({ name: one.name, color: "ab"[i], points: one.points })) });

  const lines = [{ name: "calls/s", color: "a", area: true, points: pick("perSecond") }];
  if (series.some(point => point.failed > 0)) lines.push({ name: "errors", color: "bad", bars: true, points: pick("failed") });
  chart("throughput", { ...overTime, label: "Throughput", yText: short, lines });

  const samples = { tipText: at => `${at.toFixed(1)} s`, xText: seconds, height: 150, xLow: 0 };
  chart("memory", { ...samples, label: "Memory", yText: value => `${short(value)} MiB`, lines: [{ name: "resident", color: "a", area: true, points: data.resources.map(one => [one.seconds, one.mebibytes]) }] });
  chart("processor", { ...samples, label: "Processor", yText: value => `${short(value)} %`, lines: [{ name: "of one processor", color: "b", area: true, points: data.resources.filter(one => one.processor !== null).map(one => [one.seconds, one.processor]) }] });
  chart("threads", { ...samples, label: "Threads and descriptors", yText: short, lines: [
    { name: "threads", color: "a", points: data.resources.map(one => [one.seconds, one.threads]) },
    { name: "descriptors", color: "b", points: data.resources.filter(one => one.descriptors >= 0).map(one => [one.seconds, one.descriptors]) }] });
})();
