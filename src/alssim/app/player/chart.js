// Line charts over months, as SVG. Nothing here knows about patients.

const SVG = "http://www.w3.org/2000/svg";
const MARGIN = { left: 40, right: 16, bottom: 40 };
let serial = 0;

/** Make one SVG element with attributes and text. */
function shape(tag, attributes = {}, text = "") {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text) made.textContent = text;
  return made;
}

/** Months to name on the axis: at most eight, half years or years apart. */
function axisMonths(last) {
  const step = [3, 6, 12, 24, 48, 60].find((months) => last / months <= 7) ?? 120;
  return Array.from({ length: Math.floor(last / step) + 1 }, (_, i) => i * step);
}

/** Where months and values lie on a chart of this size. */
function frame(width, height, last, top, headroom) {
  const across = width - MARGIN.left - MARGIN.right;
  const down = height - headroom - MARGIN.bottom;
  return {
    width, height, headroom,
    right: width - MARGIN.right,
    floor: height - MARGIN.bottom,
    x: (month) => MARGIN.left + (across * month) / Math.max(last, 1),
    y: (value) => headroom + down * (1 - value / top),
  };
}

function linePath(values, { x, y }) {
  return values.map((v, m) => `${m ? "L" : "M"}${x(m).toFixed(1)},${y(v).toFixed(1)}`).join("");
}

function drawGrid(svg, at, { ticks, last, axis }) {
  for (const value of ticks) {
    svg.append(
      shape("line", { class: "grid", x1: MARGIN.left, x2: at.right, y1: at.y(value), y2: at.y(value) }),
      shape("text", { x: MARGIN.left - 8, y: at.y(value) + 4, "text-anchor": "end" }, String(value)),
    );
  }
  for (const month of axisMonths(last)) {
    svg.append(shape("text", { x: at.x(month), y: at.floor + 17, "text-anchor": "middle" }, String(month)));
  }
  const middle = (MARGIN.left + at.right) / 2;
  svg.append(shape("text", { x: middle, y: at.height - 5, "text-anchor": "middle" }, axis));
}

/** Tinted spans of time behind the lines, each with its name where there is room. */
function drawBands(svg, at, bands) {
  bands.forEach(({ from, to, name }, place) => {
    const width = at.x(to) - at.x(from);
    const opacity = 0.02 + (0.11 * place) / Math.max(bands.length - 1, 1);
    const height = at.floor - at.headroom;
    svg.append(shape("rect", { class: "band", x: at.x(from), y: at.headroom, width, height, opacity }));
    if (width < 9 * name.length + 6) return;
    const middle = at.x(from) + width / 2;
    svg.append(shape("text", { x: middle, y: at.headroom - 8, "text-anchor": "middle" }, name));
  });
}

function drawLines(at, lines, part) {
  const group = shape("g", { class: part });
  for (const { values, colour, dashed } of lines) {
    const line = shape("path", { class: "series", d: linePath(values, at), style: `stroke:${colour}` });
    if (dashed && part === "past") line.setAttribute("stroke-dasharray", "8 5");
    group.append(line);
  }
  return group;
}

/** What has passed is drawn in full up to the cursor; what is ahead stays pale. */
function drawPast(svg, at, lines) {
  const edge = shape("rect", { x: 0, y: 0, height: at.height, width: 0 });
  const id = `past-${(serial += 1)}`;
  const clip = shape("clipPath", { id });
  clip.append(edge);
  const past = drawLines(at, lines, "past");
  past.setAttribute("clip-path", `url(#${id})`);
  svg.append(clip, drawLines(at, lines, "ahead"), past);
  return edge;
}

function drawCursor(svg, at, lines, dotted) {
  const line = shape("line", { class: "cursor", y1: at.headroom, y2: at.floor });
  svg.append(line);
  if (!dotted) return { line };
  const dot = shape("circle", { class: "dot", r: 6.5, style: `fill:${lines[0].colour}` });
  svg.append(dot);
  return { line, dot };
}

/**
 * Draw one chart into `place` and return a function that moves its cursor to a month.
 * plan: { title, alt, axis, last, top, ticks, lines, bands, height, dotted }; a line is
 * { values [month], colour, dashed }.
 */
function drawChart(place, plan) {
  const width = Math.max(280, place.clientWidth);
  const bands = plan.bands ?? [];
  const at = frame(width, plan.height(width), plan.last, plan.top, bands.length ? 26 : 10);
  const svg = shape("svg", { viewBox: `0 0 ${width} ${at.height}`, height: at.height, role: "img" });
  svg.setAttribute("aria-label", plan.alt);
  drawBands(svg, at, bands);
  drawGrid(svg, at, plan);
  const edge = drawPast(svg, at, plan.lines);
  const { line, dot } = drawCursor(svg, at, plan.lines, plan.dotted);
  const title = document.createElement("p");
  title.textContent = plan.title;
  place.replaceChildren(title, svg);
  return (month) => {
    const x = at.x(month);
    edge.setAttribute("width", x);
    line.setAttribute("x1", x);
    line.setAttribute("x2", x);
    const [{ values }] = plan.lines;
    const place = Math.min(month, values.length - 1); // a line may end before the axis does
    dot?.setAttribute("cx", at.x(place));
    dot?.setAttribute("cy", at.y(values[Math.round(place)]));
  };
}

/** A sample of a line's stroke, for a legend. */
function drawSample({ colour, dashed }) {
  const sample = shape("svg", { class: "sample", viewBox: "0 0 26 8", "aria-hidden": "true" });
  const stroke = { x1: 0, x2: 26, y1: 4, y2: 4, style: `stroke:${colour}` };
  if (dashed) stroke["stroke-dasharray"] = "7 4";
  sample.append(shape("line", stroke));
  return sample;
}
