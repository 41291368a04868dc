(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  const SVG = "http://www.w3.org/2000/svg";

  // Findings: filter and search.
  const form = document.getElementById("filters");
  const findings = Array.from(document.querySelectorAll("#finding-list > .finding"));
  const shown = document.getElementById("shown");
  const number = new Intl.NumberFormat("en");

  let texts;
  const read = () => texts ||= findings.map(finding => finding.textContent.toLowerCase());
  const text = index => read()[index];
  (window.requestIdleCallback || setTimeout)(read); // so that the first search need not

  function filter() {
    const chosen = new FormData(form);
    const words = String(chosen.get("text") || "").toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = ["severity", "category", "table", "phase"].map(name => [name, chosen.get(name)]).filter(([, value]) => value);
    let count = 0;
    findings.forEach((finding, index) => {
      const fits = wanted.every(([name, value]) => finding.dataset[name] === value)
        && words.every(word => text(index).includes(word));
      if (finding.hidden === fits) finding.hidden = !fits;
      count += fits ? 1 : 0;
    });
    shown.textContent = `${number.format(count)} of ${number.format(findings.length)} shown`;
  }
  form.addEventListener("input", filter);
  form.addEventListener("reset", () => setTimeout(filter));
  form.addEventListener("submit", event => event.preventDefault());
  document.addEventListener("click", event => {
    const link = event.target.closest("[data-filter-table]");
    const select = form.elements.namedItem("table");
    if (!link || !select) return;
    form.reset();
    select.value = link.dataset.filterTable;
    filter();
  });

  // What a link leads to is unfolded, and everything is when the page is printed.
  function unfold(id) {
    const target = document.getElementById(id);
    if (target instanceof HTMLDetailsElement) target.open = true;
    return target;
  }
  function follow() {
    if (location.hash) unfold(decodeURIComponent(location.hash.slice(1))) || unfold(location.hash.slice(1));
  }
  addEventListener("hashchange", follow);
  follow();
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = Array.from(document.querySelectorAll("details:not([open])"));
    for (const one of folded) one.open = true;
  });
  addEventListener("afterprint", () => { for (const one of folded) one.open = false; });

  // Graphs: laid out by dagre, drawn as SVG, moved and zoomed by Panzoom.
  function element(name, attributes, text) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function graph(boxes, edges, direction) {
    const laid = new dagre.graphlib.Graph({ multigraph: true });
    laid.setGraph({ rankdir: direction, nodesep: 26, ranksep: 70, marginx: 20, marginy: 20 });
    laid.setDefaultEdgeLabel(() => ({}));
    for (const box of boxes) laid.setNode(box.id, { width: box.width, height: box.height });
    edges.forEach((edge, index) => { if (edge.source !== edge.target) laid.setEdge(edge.source, edge.target, {}, String(index)); });
    dagre.layout(laid);
    return laid;
  }

  // Boxes without any edge are set in rows of their own below the others, as wide as shows the whole largest.
  function arrange(canvas, boxes, edges) {
    const scale = (width, height) => Math.min(canvas.clientWidth / width, canvas.clientHeight / height);
    const joined = new Set(edges.filter(e => e.source !== e.target).flatMap(e => [e.source, e.target]));
    // Of both directions the one in which more of it can be read at first sight.
    const fit = drawn => scale(drawn.graph().width, drawn.graph().height);
    const both = ["LR", "TB"].map(direction => graph(boxes.filter(b => joined.has(b.id)), edges, direction));
    const laid = fit(both[1]) > fit(both[0]) ? both[1] : both[0];
    const start = joined.size ? laid.graph() : { width: 0, height: 0 };
    const single = boxes.filter(b => !joined.has(b.id));
    const tried = [1200, 1600, 2000, 2600, 3400, 4400].map(target => rows(single, start, Math.max(start.width, target)));
    const best = tried.reduce((a, b) => scale(b.width, b.height) > scale(a.width, a.height) ? b : a);
    for (const box of boxes) if (joined.has(box.id)) best.places.set(box.id, laid.node(box.id));
    return { ...best, laid, scale: scale(best.width, best.height) };
  }

  function rows(boxes, start, target) {
    const places = new Map();
    let { width, height } = start, x = 20, y = height + 30, row = 0;
    for (const box of boxes) {
      if (x + box.width > target) { x = 20; y += row + 26; row = 0; }
      places.set(box.id, { x: x + box.width / 2, y: y + box.height / 2 });
      x += box.width + 26; row = Math.max(row, box.height);
      width = Math.max(width, x); height = Math.max(height, y + row + 20);
    }
    return { places, width, height };
  }

  // What would be too small to read is first shown near, around the box with the most edges; the whole is a button away.
  function approach(zoom, { places, width, height, scale }, edges) {
    if (scale >= 0.4) return;
    const count = new Map();
    for (const end of edges.flatMap(e => [e.source, e.target])) count.set(end, (count.get(end) || 0) + 1);
    const [most] = [...places.keys()].sort((a, b) => (count.get(b) || 0) - (count.get(a) || 0));
    const { x, y } = places.get(most);
    zoom.zoom(Math.min(12, 0.8 / scale), { animate: false });
    zoom.pan((width / 2 - x) * scale, (height / 2 - y) * scale, { animate: false, force: true });
  }

  function draw(canvas, boxes, edges, open, name) {
    const arranged = arrange(canvas, boxes, edges);
    const { places, width, height, laid } = arranged;
    const svg = element("svg", { viewBox: `0 0 ${width} ${height}`, width: "100%", height: "100%", role: "group", "aria-label": name });
    const arrow = element("marker", { id: `${canvas.id}-arrow`, viewBox: "0 0 8 8", refX: "8", refY: "4", markerWidth: "9", markerHeight: "9", orient: "auto-start-reverse" });
    arrow.append(element("path", { d: "M0,0 L8,4 L0,8 z", class: "arrow" }));
    svg.append(arrow);
    edges.forEach((edge, index) => {
      const route = edge.source === edge.target ? null : laid.edge(edge.source, edge.target, String(index));
      if (!route) return;
      const group = element("g", { class: `edge ${edge.state}` });
      const [first, ...rest] = route.points;
      const line = `M${first.x},${first.y} ` + rest.map(p => `L${p.x},${p.y}`).join(" ");
      const path = element("path", { d: line, "marker-end": `url(#${canvas.id}-arrow)` });
      path.append(element("title", {}, edge.text));
      group.append(path);
      svg.append(group);
    });
    for (const box of boxes) svg.append(drawBox(box, places.get(box.id), open));
    canvas.replaceChildren(svg);
    const zoom = Panzoom(svg, { maxScale: 12, minScale: 0.3, step: 0.4 });
    setTimeout(() => approach(zoom, arranged, edges)); // after the panning to the start, which Panzoom puts off
    addEventListener("beforeprint", () => zoom.reset({ animate: false }));
    canvas.addEventListener("wheel", event => { if (event.ctrlKey || event.metaKey) { event.preventDefault(); zoom.zoomWithWheel(event); } }, { passive: false });
    return zoom;
  }

  function drawBox(box, at, open) {
    const left = at.x - box.width / 2, top = at.y - box.height / 2;
    const group = element("g", { class: `box ${box.state}`, transform: `translate(${left},${top})`, tabindex: "0", role: "link", "aria-label": box.label });
    group.append(element("rect", { class: "frame", width: box.width, height: box.height, rx: 6 }));
    group.append(element("rect", { class: "head", x: 1, y: 1, width: box.width - 2, height: 24, rx: 5 }));
    group.append(element("text", { class: "title", x: 10, y: 17 }, box.title));
    let y = 42;
    if (box.note) { group.append(element("text", { class: "note", x: 10, y }, box.note)); y += 17; }
    const marks = { missing: "✗ ", different: "≠ ", extra: "+ ", key: "" };
    for (const line of box.lines) {
      group.append(element("text", { class: line.state === "extra" ? "extra-line" : line.state, x: 10, y }, (marks[line.state] || "") + line.text));
      y += 17;
    }
    const go = () => open(box);
    group.addEventListener("click", go);
    group.addEventListener("keydown", event => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); go(); } });
    return group;
  }

  const measure = document.createElement("canvas").getContext("2d");
  function widthOf(text) {
    measure.font = "600 13px system-ui, 'DejaVu Sans', sans-serif";
    return measure.measureText(text).width;
  }

  function sized(box) {
    const texts = [box.title, box.note, ...box.lines.map(l => "≠ " + l.text)];
    return { ...box, width: Math.max(110, ...texts.map(widthOf)) + 22, height: 34 + (box.lines.length + (box.note ? 1 : 0)) * 17 };
  }

  function openTable(box) {
    const target = unfold("table-" + encodeURIComponent(box.id)) || unfold("table-" + box.id);
    if (!target) return;
    target.scrollIntoView();
    target.querySelector("summary").focus();
  }

  function tools(attribute, zoom) {
    for (const button of document.querySelectorAll(`[${attribute}]`)) {
      const what = button.getAttribute(attribute);
      button.addEventListener("click", () => what === "in" ? zoom.zoomIn() : what === "out" ? zoom.zoomOut() : zoom.reset());
    }
  }

  function whenSeen(target, work) {
    if (!target) return;
    const observer = new IntersectionObserver(entries => {
      if (entries.some(entry => entry.isIntersecting)) { observer.disconnect(); work(target); }
    }, { rootMargin: "600px" });
    observer.observe(target);
    addEventListener("beforeprint", () => { observer.disconnect(); if (!target.querySelector("svg, canvas")) work(target); });
  }

  whenSeen(document.getElementById("entity-canvas"), canvas => {
    tools("data-zoom", draw(canvas, data.diagram.boxes.map(sized), data.diagram.edges, openTable, "Tables and foreign keys"));
  });

  whenSeen(document.getElementById("ticket-canvas"), canvas => {
    const boxes = data.tickets.map(([name, ticket, title, phase]) => sized({ id: name, title: `${ticket} ${phase}`, note: "", state: "", label: `ticket ${ticket}: ${title}`, lines: [{ text: title.length > 46 ? title.slice(0, 45) + "…" : title, state: "" }] }));
    const edges = data.tickets.flatMap(([name, , , , after]) => after.map(before => ({ source: before, target: name, text: `${name} after ${before}`, state: "" })));
    const open = box => { const target = unfold("ticket-" + encodeURIComponent(box.id)) || unfold("ticket-" + box.id); target.scrollIntoView(); target.querySelector("summary").focus(); };
    tools("data-graph-zoom", draw(canvas, boxes, edges, open, "Tickets and their order"));
  });

  // Charts: both axes logarithmic, so that a straight line's slope is the exponent of growth.
  for (const place of document.querySelectorAll("[data-chart]")) {
    whenSeen(place, target => {
      const chart = data.charts[Number(target.dataset.chart)];
      const style = getComputedStyle(document.documentElement);
      const colour = name => style.getPropertyValue(name).trim();
      const line = (label, stroke, dash) => ({ label, stroke, dash, width: 2, points: { show: true, size: 7 } });
      const axis = { stroke: colour("--quiet"), grid: { stroke: colour("--rule") }, ticks: { stroke: colour("--rule") } };
      new uPlot({
        width: Math.max(260, target.clientWidth), height: 230,
        scales: { x: { time: false, distr: 3 }, y: { distr: 3 } },
        axes: [{ ...axis, label: "rows" }, { ...axis, label: chart.unit, size: 64 }],
        series: [{ label: "rows" }, line("before", colour("--bad"), [6, 4]), line("after", colour("--good"))],
      }, [chart.rows, chart.before, chart.after].map(list => list.map(v => v === null ? null : Math.max(v, 1))), target);
    });
  }
  document.documentElement.dataset.ready = "yes";
})();
