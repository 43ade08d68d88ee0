// What the server takes, read from its OpenAPI document: rows of records, single fields, or both.

/**
 * @typedef {{name: string, kind: string, choices?: any[], known: any[], optional: boolean, example: any,
 *   hint: string, shapes?: number[][]}} Field  kind: number, text, date, time, boolean, choice, numbers (nested lists), json
 */

/** The request of `POST path`: {path, rows: name of the list of records or null, record: Field[], fields: Field[], example}. */
function describeRequest(openapi, path) {
  const content = openapi.paths[path].post.requestBody.content["application/json"];
  const resolve = (schema) => resolved(schema, openapi);
  const whole = [content.schema, ...variants(resolve(content.schema))].map(resolve);
  const schema = whole.find((it) => it.properties) ?? {};
  const example = content.example ?? Object.values(content.examples ?? {})[0]?.value ?? schema.examples?.[0] ?? schema.example ?? {};
  const properties = allProperties(schema, example);
  const rows = Object.keys(properties).find((name) => isListOfRecords(resolve(properties[name]), example[name], resolve)) ?? null;
  const field = (owner, sample) => ([name, it]) => describeField(name, resolve(it), owner, sample?.[name], resolve);
  const fields = Object.entries(properties).filter(([name]) => name !== rows).map(field(schema, example));
  const item = rows ? resolve(resolve(properties[rows]).items) : {};
  const first = example[rows]?.[0];
  const record = Object.entries(allProperties(item, first)).map(field(item, first));
  return { path: `.${path}`, rows, record, fields, example };
}

function resolved(schema, openapi) {
  for (let depth = 0; schema?.$ref && depth < 8; depth += 1) {
    const steps = schema.$ref.replace(/^#\//, "").split("/");
    schema = steps.reduce((it, key) => it?.[key.replaceAll("~1", "/").replaceAll("~0", "~")], openapi);
  }
  return schema ?? {};
}

const variants = (schema) => schema.anyOf ?? schema.oneOf ?? [];

/** The properties that are declared, then those that only the example shows. */
function allProperties(schema, example) {
  const shown = isRecord(example) ? Object.keys(example) : [];
  return { ...schema.properties, ...Object.fromEntries(shown.filter((it) => !schema.properties?.[it]).map((it) => [it, {}])) };
}

function isListOfRecords(schema, example, resolve) {
  if (Array.isArray(example) && isRecord(example[0])) return true;
  const items = resolve(schema.items);
  return schema.type === "array" && (items.type === "object" || Boolean(items.properties));
}

/** @returns {Field} */
function describeField(name, schema, owner, example, resolve) {
  const all = [schema, ...variants(schema).map(resolve)];
  const types = all.flatMap((it) => it.type ?? []);
  const choices = all.flatMap((it) => it.enum ?? []).filter((it) => it !== null);
  const shapes = all.map((it) => declaredShape(it, resolve)).filter((it) => it.length);
  const kind = kindOf(all, types, choices, example);
  if (kind === "numbers" && shapeOf(example)) shapes.push(shapeOf(example));
  const optional = !owner.required?.includes(name) || types.includes("null");
  const hint = schema.description ?? (schema.default != null ? `Default: ${schema.default}` : "");
  const known = schema.examples ?? [];
  return { name, kind, choices, known, optional, example: example ?? known[0], hint, shapes };
}

function kindOf(all, types, choices, example) {
  const formats = all.map((it) => it.format);
  if (choices.length) return "choice";
  if (formats.includes("date")) return "date";
  if (formats.includes("date-time")) return "time";
  if (types.includes("array") || Array.isArray(example)) return shapeOf(example) || !example ? "numbers" : "json";
  if (types.includes("object") || isRecord(example)) return "json";
  // A number may come as text, and a text as a number: what is named first is meant.
  const first = types.find((it) => ["string", "number", "integer", "boolean"].includes(it)) ?? (isNumber(example) ? "number" : typeof example);
  return { string: "text", number: "number", integer: "number", boolean: "boolean" }[first] ?? "any";
}

/** The lengths that a schema of nested lists fixes; none if it leaves one open. */
function declaredShape(schema, resolve) {
  if (schema.type !== "array" || schema.minItems == null || String(schema.minItems) !== String(schema.maxItems)) return [];
  const items = resolve(schema.items);
  const length = Number(schema.minItems);
  if (items.type !== "array") return [length];
  const inner = declaredShape(items, resolve);
  return inner.length ? [length, ...inner] : [];
}
