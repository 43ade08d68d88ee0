// JSON whose numbers stay as they were written: 5.0 and 1e-05 are not 5 and 0.00001 again.

/** A number and the text that it was. */
class Exact extends Number {
  constructor(source) {
    super(source);
    this.source = source;
  }

  toString() {
    return this.source;
  }
}

/** JSON's numbers, and no others. */
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/;

/** Parses; in a browser that does not tell a number's text it is JavaScript's own. */
function parseJson(text) {
  return JSON.parse(text, (key, value, context) => {
    if (typeof value !== "number") return value;
    return new Exact(context?.source ?? String(value));
  });
}

const isNumber = (value) => typeof value === "number" || value instanceof Exact;
const isScalar = (value) => value === null || typeof value !== "object" || value instanceof Exact;
const isRecord = (value) => !isScalar(value) && !Array.isArray(value);

/** Writes; with `indent`, short lists stay on one line. */
function writeJson(value, indent = "", level = "") {
  if (value instanceof Exact) return value.source;
  if (isScalar(value)) return JSON.stringify(value);
  const list = Array.isArray(value);
  const inner = level + indent;
  const colon = indent ? ": " : ":";
  const parts = list
    ? value.map((it) => writeJson(it, indent, inner))
    : Object.entries(value).map(([key, it]) => JSON.stringify(key) + colon + writeJson(it, indent, inner));
  const [open, close] = list ? "[]" : "{}";
  const line = open + parts.join(indent ? ", " : ",") + close;
  const flat = !indent || !parts.length || (list && value.every(isScalar) && line.length <= 100);
  return flat ? line : `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${level}${close}`;
}

/** The lengths of nested lists, [60, 10]; null if they are ragged or something in them is no number. */
function shapeOf(value) {
  if (!Array.isArray(value)) return isNumber(value) ? [] : null;
  if (!value.length) return [0];
  const shapes = value.map(shapeOf);
  const same = shapes.every((it) => it && String(it) === String(shapes[0]));
  return same ? [value.length, ...shapes[0]] : null;
}
