// What a file's predictions look like: a histogram of numbers, or how often each class was given.

const BINS = 28;
/** So many different values are still counted one by one. */
const DISTINCT = 12;
const CLASSES = 20;

/** The predictions of one column: how often each value came while they are few, and all that are numbers. */
class Predictions {
  counts = new Map();
  numbers = [];
  n = 0;
  missing = 0;
  texts = 0;

  add(text) {
    this.n += 1;
    if (text === "") return void (this.missing += 1);
    if (this.counts.size <= 10_000 || this.counts.has(text)) this.counts.set(text, (this.counts.get(text) ?? 0) + 1);
    const number = Number(text.replace(/^(-?)inf$/, "$1Infinity"));
    if (Number.isNaN(number)) this.texts += 1;
    else this.numbers.push(number);
  }

  isNumeric() {
    return !this.texts && this.numbers.length > 0 && this.counts.size > DISTINCT;
  }
}

function chartNodes(predictions) {
  return predictions.isNumeric() ? histogramNodes(predictions) : barNodes(predictions);
}

/** {edges, counts} of at most BINS bins that begin and end on round numbers. */
function histogram(values) {
  const [low, high] = values.reduce(([a, b], it) => [Math.min(a, it), Math.max(b, it)], [Infinity, -Infinity]);
  if (!(high > low)) return { edges: [low, low + 1], counts: [values.length] };
  const step = roundStep((high - low) / BINS);
  const first = Math.floor(low / step);
  const n = Math.max(1, Math.ceil(high / step) - first);
  const counts = new Array(n).fill(0);
  for (const it of values) counts[Math.min(n - 1, Math.max(0, Math.floor(it / step) - first))] += 1;
  const edges = Array.from({ length: n + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
  return { edges, counts };
}

/** The next of 1, 2, 5, 10, 20 … that is not less. */
function roundStep(step) {
  const power = 10 ** Math.floor(Math.log10(step));
  return [1, 2, 5, 10].find((it) => it * power >= step * 0.999999) * power;
}

const short = (number) => Number(number.toPrecision(5)).toLocaleString("en", { maximumSignificantDigits: 5 });

function histogramNodes({ numbers, missing }) {
  const values = Float64Array.from(numbers).filter(Number.isFinite).sort();
  const { edges, counts } = histogram(values);
  const most = Math.max(...counts);
  const bars = counts.map((count, index) => {
    const bar = h("i", { title: `${short(edges[index])} to ${short(edges[index + 1])}: ${counted(count, "row")}` });
    bar.style.height = `${(100 * count) / most}%`;
    return bar;
  });
  const label = `Histogram from ${short(edges[0])} to ${short(edges.at(-1))}`;
  const sum = values.reduce((total, it) => total + it, 0);
  const [smallest, mean, largest] = [values[0], sum / values.length, values.at(-1)].map(short);
  const facts = { smallest, median: short(median(values)), mean, largest, missing: missing ? integers.format(missing) : "" };
  return [
    h("p", { class: "kind" }, `Rows per ${short(edges[1] - edges[0])}, at most ${integers.format(most)}`),
    h("div", { class: "histogram", role: "img", "aria-label": label }, bars),
    h("div", { class: "axis", "aria-hidden": "true" }, tickNodes(edges)),
    h("dl", { class: "summary" }, Object.entries(facts).map(([name, it]) => it !== "" && h("div", {}, h("dt", {}, name), h("dd", {}, it)))),
  ];
}

/** Some five of the edges, each under its place. */
function tickNodes(edges) {
  const every = Math.max(1, Math.ceil((edges.length - 1) / 5));
  return edges.filter((it, index) => index % every === 0).map((it, index) => {
    const tick = h("span", {}, short(it));
    tick.style.left = `${(100 * index * every) / (edges.length - 1)}%`;
    return tick;
  });
}

function median(sorted) {
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function barNodes({ counts, n, missing }) {
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const shown = sorted.slice(0, CLASSES);
  const others = n - missing - shown.reduce((sum, [, count]) => sum + count, 0);
  if (others > 0) shown.push([`${integers.format(sorted.length - CLASSES)} others`, others]);
  if (missing > 0) shown.push(["missing", missing]);
  const most = Math.max(1, ...shown.map(([, count]) => count));
  const row = ([name, count]) => {
    const bar = h("i", {});
    bar.style.width = `${(100 * count) / most}%`;
    const share = `${((100 * count) / n).toFixed(1)} %`;
    return h("tr", {}, h("th", { scope: "row" }, name), h("td", { class: "bar" }, bar), h("td", { class: "figure" }, integers.format(count)), h("td", { class: "figure muted" }, share));
  };
  return h("table", { class: "bars" }, h("caption", { class: "unseen" }, "How often each was predicted"), h("tbody", {}, shown.map(row)));
}
