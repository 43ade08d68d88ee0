// An answer to read: one value large, rows as a table, the rest by its names. And the same as raw JSON.

/** Rows that a table shows; the raw JSON has them all. */
const SHOWN = 200;

/** The answer's elements; `n` rows were asked for, 0 if the service takes none. */
function answerNodes(value, n) {
  const single = singleValue(value, n);
  if (single) {
    const { name, shown, rest } = single;
    return [h("p", { class: "single" }, h("span", { class: "kind" }, name), " ", h("strong", {}, cellText(shown))), restNodes(rest)];
  }
  const lists = n && isRecord(value) ? Object.entries(value).filter(([, it]) => Array.isArray(it) && it.length === n) : [];
  if (!lists.length) return nodesOf(value);
  const rest = Object.fromEntries(Object.entries(value).filter(([, it]) => !lists.some(([, list]) => list === it)));
  const cells = (row) => lists.flatMap(([name, list]) => (isRecord(list[row]) ? Object.entries(list[row]) : [[name, list[row]]]));
  const records = Array.from({ length: n }, (_, row) => Object.fromEntries([["", `Row ${row + 1}`], ...cells(row)]));
  return [tableNodes(records), restNodes(rest)];
}

/** The one value that was asked for, if the answer has just one: `predictions` of one row, or a `prediction`. */
function singleValue(value, n) {
  if (!isRecord(value)) return null;
  const { predictions, prediction, ...rest } = value;
  const shown = n === 1 && predictions?.length === 1 ? predictions[0] : n ? undefined : prediction;
  return shown !== undefined && isScalar(shown) ? { name: "prediction", shown, rest } : null;
}

/** What stands beside: a count says nothing that the rows do not. */
function restNodes({ count, ...rest }) {
  return Object.keys(rest).length ? nodesOf(rest) : null;
}

const cellText = (value) => (value == null ? "missing" : String(value));

/** Any JSON: flat records as a table, an object by its names, a list of values as they are. */
function nodesOf(value) {
  if (isScalar(value)) return h("span", {}, cellText(value));
  if (!Array.isArray(value)) return recordNodes(value);
  if (!value.length) return h("span", { class: "muted" }, "none");
  if (value.every(isScalar)) return h("span", {}, listText(value));
  const flat = value.every((it) => isRecord(it) && Object.values(it).every(isScalar));
  return flat ? tableNodes(value) : value.slice(0, SHOWN).map((it) => h("div", { class: "nested" }, nodesOf(it)));
}

function listText(values) {
  const shown = values.slice(0, SHOWN).map(cellText).join(", ");
  return values.length > SHOWN ? `${shown}, … (${integers.format(values.length)} in all)` : shown;
}

/** Values by their names; objects with the same names side by side as a table, others below. */
function recordNodes(record) {
  const all = Object.entries(record);
  const short = all.filter(([, it]) => isScalar(it) || (Array.isArray(it) && it.every(isScalar)));
  const alike = alikeRecords(all);
  const others = all.filter((it) => !short.includes(it) && !alike.includes(it));
  return [
    short.length > 0 && factsNode(short.map(([name, it]) => [name, nodesOf(it)])),
    alike.length > 0 && tableNodes(Object.keys(alike[0][1]).map((key) => Object.fromEntries([["", key], ...alike.map(([name, it]) => [name, it[key]])]))),
    others.map(([name, it]) => [h("h3", {}, name), nodesOf(it)]),
  ];
}

/** Two or more objects of values under the same names, such as predictions and actuals. */
function alikeRecords(all) {
  const records = all.filter(([, it]) => isRecord(it) && Object.values(it).every(isScalar));
  const keys = ([, it]) => JSON.stringify(Object.keys(it));
  return records.length > 1 && records.every((it) => keys(it) === keys(records[0])) ? records : [];
}

function factsNode(facts) {
  return h("dl", { class: "facts" }, facts.map(([name, node]) => h("div", {}, h("dt", {}, name), h("dd", {}, node))));
}

function tableNodes(records) {
  const shown = records.slice(0, SHOWN);
  const names = [...new Set(shown.flatMap(Object.keys))];
  const align = (name) => (shown.every((it) => it[name] == null || isNumber(it[name])) ? "figure" : "");
  const text = (value) => (isScalar(value ?? null) ? cellText(value) : writeJson(value));
  // A column without a name says what its rows are.
  const head = h("tr", {}, names.map((name) => (name ? h("th", { scope: "col", class: align(name) }, name) : h("td"))));
  const cell = (value, name) => (name ? h("td", { class: `${align(name)} ${value == null ? "muted" : ""}` }, text(value)) : h("th", { scope: "row" }, value));
  const body = shown.map((it) => h("tr", {}, names.map((name) => cell(it[name], name))));
  return [
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Rows" }, h("table", {}, h("thead", {}, head), h("tbody", {}, body))),
    records.length > SHOWN && h("p", { class: "muted" }, `The first ${SHOWN} of ${counted(records.length, "row")}; the raw JSON has them all.`),
  ];
}

/** What a screen reader is told when an answer has come. */
function spoken(value, n) {
  const single = singleValue(value, n);
  if (single) return `${single.name}: ${cellText(single.shown)}`;
  return n ? `Predictions of ${counted(n, "row")} have come.` : "The answer has come.";
}
