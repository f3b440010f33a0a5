// The player: one virtual person's course, computed before and sent once. The page shows any
// month of it without asking the server; the month is told to the server when it comes to rest.

const SECONDS = 16; // to play a whole course
const LOOKS = {
  bulbar: { colour: "var(--bulbar)" },
  left_arm: { colour: "var(--arm)", dashed: true },
  right_arm: { colour: "var(--arm)" },
  trunk: { colour: "var(--trunk)" },
  respiratory: { colour: "var(--respiratory)" },
  left_leg: { colour: "var(--leg)", dashed: true },
  right_leg: { colour: "var(--leg)" },
};
const PART_LOOKS = [LOOKS.bulbar, LOOKS.right_arm, LOOKS.right_leg, LOOKS.respiratory];
const USUAL_LOOK = { colour: "var(--st-primary-color)" };
const TWIN_LOOK = { colour: "var(--bulbar)", dashed: true };

/** Fill {names} in a sentence. */
function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Mix the colour of a share (0-1) from the stops [share, [r, g, b]]. */
function mixed(stops, share) {
  const place = Math.max(1, stops.findIndex(([at]) => share <= at));
  const [[low, pale], [high, dark]] = [stops[place - 1], stops[place]];
  const part = (share - low) / (high - low);
  return pale.map((value, i) => Math.round(value + (dark[i] - value) * part));
}

function ink([red, green, blue]) {
  return 0.299 * red + 0.587 * green + 0.114 * blue < 140 ? "#ffffff" : "#12303f";
}

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

/** The heading of a row or column ("row", "col"), with a sample of the line it stands for. */
function heading(scope, name, look) {
  const made = element("th");
  if (look) made.append(drawSample(look));
  made.append(name);
  made.scope = scope;
  return made;
}

/** A row of a table, with cells to fill in later. */
function tableRow(name, cells, look) {
  const row = element("tr");
  row.append(heading("row", name, look), ...Array.from({ length: cells }, () => element("td")));
  return row;
}

/** Fill a table with a caption, headings of columns and rows. */
function fillTable(table, caption, headings, rows) {
  const [head, row, body] = [element("thead"), element("tr"), element("tbody")];
  row.append(...headings);
  head.append(row);
  body.append(...rows);
  table.replaceChildren(element("caption", "", caption), head, body);
}

/** The last month of a life's own lists stands for all that come after. */
function ownMonth({ score }, month) {
  return Math.min(month, score.length - 1);
}

function dead({ death }, month) {
  return death !== null && month >= death;
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Spans of equal value: [{ from, to, value }] over the months 0..last. */
function spans(values, last) {
  const found = [];
  for (let month = 0; month <= last; month++) {
    const current = found[found.length - 1];
    if (current?.value === values[month]) continue;
    if (current) current.to = month;
    found.push({ from: month, to: last, value: values[month] });
  }
  return found;
}

class Player {
  constructor(root) {
    this.root = root;
    this.playing = false;
    this.layer = "lower";
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.find = (selector) => root.querySelector(selector);
    this.findAll = (selector) => [...root.querySelectorAll(selector)];
    this.slider = this.find("input");
    this.listen();
  }

  /** Take new data; the month stays unless the person is another one. */
  show(data, tell) {
    this.tell = tell;
    if (this.data?.person !== data.person) {
      this.playing = false;
      this.month = this.told = data.month;
    }
    this.data = data;
    this.month = Math.min(this.month, data.last); // a twin may have lived longer
    this.slider.max = data.last;
    this.say();
    this.layout();
    this.watch = new ResizeObserver(() => this.resized());
    this.watch.observe(this.root);
    if (this.playing) this.play();
  }

  rest() {
    cancelAnimationFrame(this.frame);
    this.watch?.disconnect();
  }

  // What does not change with the month

  say() {
    const { text } = this.data;
    for (const place of this.findAll("[data-say]")) place.textContent = text[place.dataset.say];
    for (const place of this.findAll("[data-named]")) place.setAttribute("aria-label", text[place.dataset.named]);
    this.slider.setAttribute("aria-label", text.slider);
    this.find("[data-step='-1']").textContent = text.back;
    this.find("[data-step='1']").textContent = text.forward;
    this.find("[data-jump='-1']").textContent = text.previous;
    this.find("[data-jump='1']").textContent = text.next;
    const stops = this.data.colours.map(([share, rgb]) => `rgb(${rgb}) ${100 - 100 * share}%`);
    this.find(".legend .scale").style.background = `linear-gradient(90deg, ${stops.reverse()})`;
    this.sayRegions();
    this.sayTwin();
    this.sayScales();
    this.sayEvents();
  }

  fill(place, caption, names, rows) {
    fillTable(this.find(`${place} table`), caption, names.map((name) => heading("col", name)), rows);
  }

  sayRegions() {
    const { text } = this.data;
    this.rows = this.data.regions.map(({ key, name }) => tableRow(name, 3, LOOKS[key]));
    this.partRows = this.data.part_names.map((name, i) => tableRow(name, 1, PART_LOOKS[i]));
    this.fill(".neurons", text.table, [text.region, text.lower, text.upper, text.strength], this.rows);
    this.fill(".parts", text.parts_table, [text.part, text.points], this.partRows);
  }

  /** The same person with a treatment, where one was asked for. */
  sayTwin() {
    const { twin, text } = this.data;
    this.find(".twin").hidden = !twin;
    if (!twin) return this.find(".twin table").replaceChildren();
    const lives = [heading("col", text.without, USUAL_LOOK), heading("col", twin.title, TWIN_LOOK)];
    this.lifeRows = [text.stage, text.score, text.capacity, text.left].map((name) => tableRow(name, 2));
    fillTable(this.find(".twin table"), text.twin_table, [heading("col", text.life), ...lives], this.lifeRows);
    this.find(".notes").replaceChildren(...twin.notes.map((note) => element("li", "", note)));
  }

  sayScales() {
    this.cards = this.data.scales.map((scale) => {
      const card = element("div", "card");
      const strip = element("div", "strip");
      strip.setAttribute("role", "img");
      strip.setAttribute("aria-label", scale.alt);
      const parts = spans(scale.values, this.data.last).map((span) => this.stripPart(scale, span));
      const cursor = element("i");
      strip.append(...parts, cursor);
      const where = element("p", "where");
      const means = element("p", "means");
      card.append(element("h2", "", scale.name), where, means, strip);
      return { scale, card, where, means, parts, cursor };
    });
    this.find(".scales").replaceChildren(...this.cards.map(({ card }) => card));
  }

  stripPart(scale, { from, to, value }) {
    const part = element("span", "", to - from > this.data.last / 14 ? scale.labels[value] : "");
    part.style.flex = `${Math.max(to - from, 0.2)} 0 0`;
    part.style.setProperty("--depth", value / Math.max(scale.labels.length - 1, 1));
    part.dataset.from = from;
    return part;
  }

  sayEvents() {
    this.events = this.data.story.map(({ month, when, text }) => {
      const item = element("li");
      const button = element("button");
      button.type = "button";
      button.append(element("b", "", when), element("span", "", text));
      button.onclick = () => this.go(month);
      item.append(button);
      return { month, item, button, text };
    });
    this.find(".events").replaceChildren(...this.events.map(({ item }) => item));
  }

  // Charts and marks, drawn again when the width changes

  layout() {
    this.width = this.root.clientWidth;
    this.movers = [this.drawScore(), this.drawNeurons(), this.drawCapacity(), this.drawParts()];
    this.drawMarks();
    this.draw();
    this.label();
  }

  resized() {
    if (this.width !== this.root.clientWidth) this.layout();
  }

  chart(name, plan) {
    const { last, text } = this.data;
    return drawChart(this.find(`[data-chart="${name}"]`), { last, axis: text.axis, ...plan });
  }

  drawScore() {
    const { text, alts, score, scales, last, twin } = this.data;
    const [{ values, labels }] = scales;
    const bands = spans(values, last).map(({ from, to, value }) => ({ from, to, name: labels[value] }));
    const lines = [{ values: score, ...USUAL_LOOK }];
    if (twin) lines.push({ values: twin.score, ...TWIN_LOOK });
    const height = (width) => Math.max(216, Math.min(300, width * 0.36));
    const alt = twin ? `${alts.score} ${twin.alt}` : alts.score;
    const plan = { title: text.score_title, alt, top: 48, ticks: [0, 12, 24, 36, 48] };
    return this.chart("score", { ...plan, lines, bands, height, dotted: true });
  }

  drawNeurons() {
    const { text, alts, regions } = this.data;
    const shares = this.data[this.layer];
    const lines = regions.map(({ key }, i) => ({ values: shares[i], ...LOOKS[key] }));
    const plan = { title: text[`${this.layer}_title`], alt: alts[this.layer] };
    const height = (width) => Math.max(220, Math.min(330, width * 0.6));
    return this.chart("neurons", { ...plan, top: 100, ticks: [0, 25, 50, 75, 100], lines, height });
  }

  drawParts() {
    const { text, alts, parts } = this.data;
    const lines = parts.map((values, i) => ({ values, ...PART_LOOKS[i] }));
    const plan = { title: text.parts_title, alt: alts.parts, top: 12, ticks: [0, 3, 6, 9, 12], lines };
    return this.chart("parts", { ...plan, height: () => 240 });
  }

  drawCapacity() {
    const { text, alts, capacity } = this.data;
    const top = Math.max(100, 25 * Math.ceil(Math.max(...capacity) / 25));
    const ticks = [0, 25, 50, 75, 100, 125, 150].filter((tick) => tick <= top);
    const lines = [{ values: capacity, colour: "var(--respiratory)" }];
    const plan = { title: text.capacity_title, alt: alts.capacity, top, ticks, lines };
    return this.chart("capacity", { ...plan, height: () => 240, dotted: true });
  }

  /** Milestones under the slider; a label that would touch another moves to a lower row. */
  drawMarks() {
    const place = this.find(".marks");
    const width = place.clientWidth;
    const ends = [];
    const made = this.data.milestones.flatMap(({ month, name }) => {
      const tick = element("i");
      const label = element("span", "", name);
      place.append(label);
      const wide = label.offsetWidth;
      const x = (width * month) / this.data.last;
      const left = Math.min(Math.max(x - wide / 2, -24), width + 14 - wide);
      let row = ends.findIndex((end) => left > end + 12);
      if (row < 0) row = ends.length;
      ends[row] = left + wide;
      tick.style.left = `${x}px`;
      Object.assign(label.style, { left: `${left}px`, top: `${9 + 19 * row}px` });
      label.dataset.month = month;
      return [tick, label];
    });
    place.style.height = `${10 + 19 * ends.length}px`;
    place.replaceChildren(...made);
  }

  // What changes with the month

  draw() {
    const month = Math.round(this.month);
    const exact = this.calm.matches ? month : this.month; // whole months where motion is unwanted
    for (const move of this.movers) move(exact);
    this.drawBody(ownMonth(this.data, month));
    this.drawParted(ownMonth(this.data, month));
    this.drawFigures(month);
    this.drawTwin(month);
    this.drawScales(month, exact);
    this.drawSymptoms(month);
    this.drawEvents(month);
    this.root.dataset.month = month;
  }

  drawBody(month) {
    const { regions, lower, upper, strength } = this.data;
    const told = regions.map(({ key, name }, i) => {
      const [below, above] = [lower[i][month], upper[i][month]];
      this.paint(`[data-region="${key}"]`, below / 100);
      this.paint(`[data-cell="${key}"]`, above / 100);
      this.mark(key, below);
      this.rows[i].children[1].textContent = `${below}%`;
      this.rows[i].children[2].textContent = `${above}%`;
      this.rows[i].children[3].textContent = `${strength[i][month]}%`;
      return fill(this.data.text.told, { region: name, lower: `${below}%`, upper: `${above}%` });
    });
    this.mark("brain", Math.round(mean(upper.map((shares) => shares[month]))));
    this.find("svg.body desc").textContent = told.join(" ");
  }

  drawParted(month) {
    this.data.parts.forEach((points, i) => {
      this.partRows[i].children[1].textContent = points[month];
    });
  }

  /** Fill in both lives; of who has died the stage alone is said. */
  drawTwin(month) {
    const { twin, text, scales } = this.data;
    if (!twin) return;
    const [{ values, labels }] = scales;
    const lives = [{ ...this.data, kings: values }, twin];
    lives.forEach((life, i) => {
      const place = ownMonth(life, month);
      const left = Math.round(mean(life.lower.map((shares) => shares[place])));
      const lived = [life.score[place], `${life.capacity[place]}%`, `${left}%`];
      const told = dead(life, month) ? lived.fill(text.after) : lived;
      [labels[life.kings[place]], ...told].forEach((value, j) => (this.lifeRows[j].children[i + 1].textContent = value));
    });
  }

  paint(selector, share) {
    const place = this.find(selector);
    const colour = `rgb(${mixed(this.data.colours, share)})`;
    for (const path of place.querySelectorAll(".fill")) path.style.fill = colour;
    const hatched = share < this.data.hatch_below ? 1 : 0;
    for (const path of place.querySelectorAll(".hatch")) path.style.opacity = hatched;
  }

  mark(key, percent) {
    const label = this.find(`[data-label="${key}"]`);
    label.querySelector(".share").textContent = `${percent}%`;
    if (label.classList.contains("inside")) label.style.fill = ink(mixed(this.data.colours, percent / 100));
  }

  drawFigures(month) {
    const { text, score, capacity, scales } = this.data;
    const [{ values, labels, meanings, pill }] = scales;
    this.find(".pill").textContent = fill(pill, { stage: labels[values[month]] });
    this.find(".meaning").textContent = meanings[values[month]];
    this.find(".figures .month").textContent = month;
    const [lived, place] = [!dead(this.data, month), ownMonth(this.data, month)];
    this.find(".figures .score").textContent = lived ? score[place] : text.after;
    this.find(".figures .capacity").textContent = lived ? `${capacity[place]}%` : text.after;
    this.slider.value = month;
    const spoken = { month, score: score[place], stage: labels[values[month]] };
    this.slider.setAttribute("aria-valuetext", fill(text.spoken, spoken));
    for (const label of this.findAll(".marks span")) label.classList.toggle("on", +label.dataset.month === this.milestone(month));
  }

  milestone(month) {
    return this.data.milestones.findLast((one) => one.month <= month)?.month;
  }

  drawScales(month, exact) {
    for (const { scale, where, means, parts, cursor } of this.cards) {
      const value = scale.values[month];
      where.textContent = fill(scale.pill, { stage: scale.labels[value] });
      means.textContent = scale.meanings[value];
      cursor.style.left = `${(100 * exact) / this.data.last}%`;
      const here = parts.findLast((part) => +part.dataset.from <= month);
      for (const part of parts) part.classList.toggle("on", part === here);
    }
  }

  drawSymptoms(month) {
    const { symptoms, text } = this.data;
    const now = symptoms.filter(({ runs }) => runs.some(([from, to]) => from <= month && month <= to));
    const shown = now.map(({ name }) => name).join("|") + dead(this.data, month);
    if (shown === this.shown) return;
    this.shown = shown;
    const items = now.map(({ name }) => element("li", "", name));
    const none = dead(this.data, month) ? text.after : text.none;
    this.find(".symptoms").replaceChildren(...(items.length ? items : [element("li", "none", none)]));
  }

  drawEvents(month) {
    const when = this.events.findLast((event) => event.month <= month)?.month;
    for (const event of this.events) {
      event.button.classList.toggle("later", event.month > month);
      if (event.month === when) event.button.setAttribute("aria-current", "true");
      else event.button.removeAttribute("aria-current");
    }
    const place = this.find(".latest");
    const latest = this.events.filter((event) => event.month === when);
    const told = latest.map(({ text }) => text).join(" ");
    if (place.textContent !== told) place.textContent = told;
  }

  // What people do

  listen() {
    this.slider.oninput = () => this.go(+this.slider.value, false);
    this.slider.onchange = () => this.send();
    this.slider.onkeydown = (event) => this.key(event);
    this.find(".play").onclick = () => (this.playing ? this.pause() : this.start());
    for (const button of this.findAll("[data-step]")) button.onclick = () => this.go(Math.round(this.month) + +button.dataset.step);
    for (const button of this.findAll("[data-jump]")) button.onclick = () => this.jump(+button.dataset.jump);
    for (const button of this.findAll("[data-layer]")) button.onclick = () => this.choose(button.dataset.layer);
  }

  key(event) {
    event.stopPropagation(); // keys that move the month move nothing else on the page
    const does = { " ": () => (this.playing ? this.pause() : this.start()), PageDown: () => this.jump(1), PageUp: () => this.jump(-1) };
    if (!does[event.key]) return;
    event.preventDefault();
    does[event.key]();
  }

  go(month, send = true) {
    this.pause(false);
    this.month = Math.min(Math.max(month, 0), this.data.last);
    this.draw();
    if (send) this.send();
  }

  jump(direction) {
    const months = this.data.milestones.map(({ month }) => month);
    const now = Math.round(this.month);
    const ahead = months.find((month) => month > now) ?? this.data.last;
    const behind = months.findLast((month) => month < now) ?? 0;
    this.go(direction > 0 ? ahead : behind);
  }

  choose(layer) {
    this.layer = layer;
    this.movers[1] = this.drawNeurons();
    this.movers[1](this.month);
    this.label();
  }

  start() {
    if (this.month >= this.data.last) this.month = 0;
    this.playing = true;
    this.label();
    this.play();
  }

  play() {
    const speed = Math.min(8, Math.max(1.5, this.data.last / SECONDS));
    let before = performance.now();
    const step = (now) => {
      this.month = Math.min(this.data.last, this.month + ((now - before) / 1000) * speed);
      before = now;
      this.draw();
      if (this.month >= this.data.last) this.pause();
      else this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
  }

  pause(send = true) {
    cancelAnimationFrame(this.frame);
    this.playing = false;
    this.label();
    if (send) this.send();
  }

  label() {
    const { text } = this.data;
    this.find(".play").textContent = this.playing ? text.pause : text.play;
    for (const button of this.findAll("[data-layer]")) button.setAttribute("aria-pressed", button.dataset.layer === this.layer);
  }

  send() {
    const month = Math.round(this.month);
    this.month = month;
    if (month === this.told) return;
    this.told = month;
    this.tell("rest", { person: this.data.person, month });
  }
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".player");
  root.player ??= new Player(root);
  root.player.show(data, setStateValue);
  return () => root.player.rest();
}
