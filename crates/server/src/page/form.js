// The form that a request's schema asks for, and the request that is written in it.

/** Fields of a record that still are a form; a wider record is written as JSON. */
const WIDE = 120;

const KIND_WORDS = { numbers: "numbers", json: "JSON" };

/** Everything about the form: `node`, `read()`, `blame(text)`. */
function requestForm(request, known) {
  const suggestions = suggestionLists(request, known);
  const fields = controls(request.fields, request.example, "field", suggestions);
  const rows = request.rows && rowList(request, suggestions);
  const all = () => [...fields, ...(rows ? rows.controls() : [])];
  const node = h("div", {}, suggestions.nodes, fields.length ? h("div", { class: "grid" }, fields.map((it) => it.node)) : null, rows?.node);
  const read = () => {
    const wrong = all().find((it) => !it.check());
    if (wrong) return wrong.input.focus();
    const request_ = valuesOf(fields);
    return rows ? { ...request_, [request.rows]: rows.read() } : request_;
  };
  return { node, read, blame: (text) => blame(all(), text) };
}

/** The rows, each a group of inputs that can be taken away. */
function rowList(request, suggestions) {
  const list = h("div");
  const rows = [];
  let made = 0;
  const number = () =>
    rows.forEach((row, index) => {
      fill(row.title, `Row ${index + 1}`);
      row.title.classList.toggle("unseen", rows.length === 1);
      row.remove.hidden = rows.length === 1;
      row.remove.setAttribute("aria-label", `Remove row ${index + 1}`);
      row.controls.forEach((it) => (it.place = `${request.rows}[${index}].${it.field.name}`));
    });
  const add = (record) => {
    made += 1;
    const row = rowOf(request.record, record, `row${made}`, suggestions, () => {
      const index = rows.indexOf(row);
      rows.splice(index, 1);
      row.node.remove();
      number();
      rows[Math.min(index, rows.length - 1)].controls[0]?.input.focus();
    });
    rows.push(row);
    list.append(row.node);
    number();
    return row;
  };
  const more = () => add(rows.at(-1).read()).controls[0]?.input.focus();
  (request.example[request.rows]?.slice(0, 1) ?? [{}]).forEach(add);
  const button = h("button", { type: "button", class: "quiet", onclick: more }, "Add a row");
  const controls_ = () => rows.flatMap((row) => row.controls);
  return { node: h("div", {}, list, button), controls: controls_, read: () => rows.map((row) => row.read()) };
}

function rowOf(fields, record, prefix, suggestions, onremove) {
  const wide = fields.length > WIDE || !fields.length;
  const whole = { name: "record", kind: "json", optional: false, hint: "", choices: [], known: [] };
  const made = wide ? controls([whole], { record }, prefix, suggestions) : controls(fields, record, prefix, suggestions);
  const title = h("legend");
  const remove = h("button", { type: "button", class: "quiet remove", onclick: onremove }, "Remove");
  const node = h("fieldset", {}, title, remove, h("div", { class: "grid" }, made.map((it) => it.node)));
  const read = () => (wide ? valuesOf(made).record : valuesOf(made, true));
  return { node, title, remove, controls: made, read };
}

function controls(fields, values, prefix, suggestions) {
  return fields.map((field, index) => control(field, values?.[field.name], `${prefix}-${index}`, suggestions));
}

/** What the controls hold. What is left empty is left out, or in a record null: a missing value. */
function valuesOf(all, nulls = false) {
  const filled = all.map((it) => [it.field.name, it.value()]);
  return Object.fromEntries(filled.map(([name, value]) => [name, value ?? null]).filter(([, value]) => nulls || value !== null));
}

/** One labelled input: {field, node, input, value(), check()}. */
function control(field, value, id, suggestions) {
  const make = { choice: select, boolean: select, numbers: textArea, json: textArea }[field.kind] ?? textInput;
  const input = make(field, value, id, suggestions);
  const note = h("p", { class: "note", id: `${id}-note` });
  const label = h("label", { for: id }, field.name, " ", h("span", { class: "kind" }, KIND_WORDS[field.kind]));
  const wide = input.tagName === "TEXTAREA" ? "field wide" : "field";
  const it = { field, place: field.name, input, node: h("div", { class: wide }, label, input, note), value: () => typed(field, input.value) };
  it.say = (text, wrong) => {
    fill(note, text || field.hint);
    note.classList.toggle("wrong", wrong);
    input.toggleAttribute("aria-invalid", wrong);
    if (wrong) input.setAttribute("aria-invalid", "true");
  };
  it.check = () => {
    const problem = problemOf(field, input.value);
    it.say(problem || shapeNote(field, input.value), Boolean(problem));
    return !problem;
  };
  input.setAttribute("aria-describedby", note.id);
  input.addEventListener("input", it.check);
  it.check();
  return it;
}

function textInput(field, value, id, suggestions) {
  const type = { date: "date", time: "datetime-local" }[field.kind] ?? "text";
  const numeric = field.kind === "number";
  return h("input", {
    id,
    type,
    value: value == null ? "" : String(value),
    list: suggestions.idOf(field),
    inputmode: numeric ? "decimal" : null,
    class: numeric ? "number" : null,
    autocomplete: "off",
    spellcheck: "false",
    placeholder: field.optional && type === "text" ? "missing" : null,
  });
}

function select(field, value, id) {
  const choices = field.kind === "boolean" ? [true, false] : field.choices;
  const options = choices.map((it) => h("option", { value: writeJson(it), selected: String(it) === String(value) }, String(it)));
  const none = field.optional || value == null ? h("option", { value: "", selected: value == null }, "–") : null;
  return h("select", { id }, none, options);
}

function textArea(field, value, id) {
  const text = value == null ? "" : writeJson(value, field.kind === "json" ? "  " : "");
  const area = h("textarea", { id, rows: text.length > 300 ? 8 : 4, spellcheck: "false", autocomplete: "off" });
  area.value = text.replaceAll("],[", "],\n [");
  return area;
}

/** What was typed as JSON's value; text where a number belongs goes as it is, for the server to judge. */
function typed(field, text) {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  if (field.kind === "choice" || field.kind === "boolean" || field.kind === "json") return parseJson(trimmed);
  if (field.kind === "numbers") return numbersOf(field, trimmed);
  if ((field.kind === "number" || field.kind === "any") && NUMBER.test(trimmed)) return new Exact(trimmed);
  return field.kind === "number" ? trimmed : text;
}

/** Numbers as JSON, or lines of them as a spreadsheet copies them. Undefined if it is neither. */
function numbersOf(field, text) {
  const value = jsonOrNothing(text) ?? linesOfNumbers(text);
  const flat = value && field.shapes.some((it) => it.length === 1) && value.flat(Infinity);
  return flat && !fits(field, value) && fits(field, flat) ? flat : value;
}

function jsonOrNothing(text) {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function linesOfNumbers(text) {
  const lines = text.split(/\r?\n/).map((line) => line.split(/[\s,;]+/).filter(Boolean));
  if (!lines.flat().every((it) => NUMBER.test(it))) return undefined;
  const rows = lines.map((line) => line.map((it) => new Exact(it)));
  return rows.length === 1 ? rows[0] : rows;
}

const fits = (field, value) => field.shapes.some((it) => String(it) === String(shapeOf(value)));
const shapeText = (shape) => shape.map((it) => integers.format(it)).join(" × ");

/** What is wrong with the text and can be seen without the server. */
function problemOf(field, text) {
  if (!text.trim()) return "";
  if (field.kind === "json") return jsonOrNothing(text) === undefined ? "This is not JSON." : "";
  if (field.kind !== "numbers") return "";
  const value = numbersOf(field, text.trim());
  if (value === undefined) return "Numbers are expected, as JSON or in lines.";
  if (!field.shapes.length || fits(field, value)) return "";
  const shape = shapeOf(value);
  const found = shape ? `${shapeText(shape)} numbers` : "lists of different lengths, or something that is no number";
  return `Found ${found}; expected ${[...new Set(field.shapes.map(shapeText))].join(" or ")}.`;
}

function shapeNote(field, text) {
  if (field.kind !== "numbers" || !text.trim()) return "";
  const shape = shapeOf(numbersOf(field, text.trim()));
  return shape ? `${shapeText(shape)} numbers` : "";
}

/** Marks the inputs that the server's refusal names: `records[1].age`, else `age` in every row. */
function blame(all, text) {
  const says = (name) => new RegExp(`(^|[^\\w])${name.replace(/\W/g, "\\$&")}($|[^\\w])`).test(text);
  const exact = all.filter((it) => says(it.place));
  const blamed = exact.length ? exact : all.filter((it) => it.field.name.length > 1 && says(it.field.name));
  blamed.forEach((it) => it.say("The server does not take this.", true));
  blamed[0]?.input.focus();
}

/** A list of suggestions for each field of which the model lists categories, or the schema several values; others may be typed too. */
function suggestionLists(request, known) {
  const ids = new Map();
  const valuesOfField = (field) => (field.known.length > 1 && !known.get(field.name)?.length ? field.known : (known.get(field.name) ?? []));
  const listed = [...request.fields, ...request.record].filter((it) => it.kind !== "choice" && valuesOfField(it).length);
  const nodes = listed.map((field) => {
    const id = `known-${ids.size}`;
    ids.set(field, id);
    return h("datalist", { id }, valuesOfField(field).map((it) => h("option", { value: String(it ?? "") })));
  });
  return { nodes, idOf: (field) => ids.get(field) };
}
