// The model card: what answers here, what it takes and what it was written by.

/** Categories that are shown before the rest is asked for. */
const FEW = 6;

/** "Predicts late or punctual from 14 columns." */
function sentence(card) {
  const [model, another] = card.models;
  if (!model) return "";
  if (another || card.steps?.length > 1) return `${counted(card.models.length, "model")}${card.steps ? ` in ${counted(card.steps.length, "step")}` : ""}.`;
  const from = model.inputs.length ? ` from ${counted(model.inputs.length, "column")}` : "";
  const [classes, more] = model.classes;
  if (model.method !== "predict") return `${model.method}${from}.`;
  if (more) return `Predicts ${counted(model.classes.length, "label")}${from}.`;
  if (classes?.length > FEW) return `Predicts one of ${classes.length} classes${from}.`;
  return `Predicts ${classes ? new Intl.ListFormat("en", { type: "disjunction" }).format(classes) : "a number"}${from}.`;
}

function cardNodes(card) {
  return [
    card.models.map((model) => modelNode(model, card.models.length === 1 ? "Model" : model.name)),
    listNode("Steps", card.steps, stepNodes, "ol"),
    listNode("Tables", card.tables, (it) => [it.name, h("span", { class: "kind" }, ` ${counted(it.rows, "row")}: ${listText(it.columns)}`)]),
  ];
}

/** "priced  model.pkl → prediction", "features  SQL". */
function stepNodes(step) {
  return [step.name, h("span", { class: "kind" }, ` ${step.kind === "model" ? `${step.model} → ${step.output}` : "SQL"}`)];
}

function listNode(title, items, content, tag = "ul") {
  return items?.length > 0 && h("section", {}, h("h3", {}, title), h(tag, { class: "plain" }, items.map((it) => h("li", {}, content(it)))));
}

function modelNode(model, title) {
  const facts = [
    ["Class", classText(model.class)],
    ["Written by", model.written_by],
    ["Classes", model.classes.map(listText).join("; ")],
    ["Methods", model.methods.join(", ")],
    ["Note", model.warnings.join(" ")],
  ];
  return h("section", {}, h("h3", {}, title), factsNode(facts.filter(([, it]) => it?.length)), inputsNode(model.inputs));
}

/** The class's own name, then where it is from. */
function classText(path) {
  const [name, ...folders] = path.split(".").reverse();
  return [name, h("span", { class: "path" }, folders.reverse().join(".\u200b"))];
}

function inputsNode(inputs) {
  if (!inputs.length) return null;
  const items = inputs.map((it) => h("li", {}, h("span", {}, it.name), h("span", { class: "kind" }, it.kind), categoriesNode(it.categories)));
  return h("details", { open: inputs.length <= 30 }, h("summary", {}, counted(inputs.length, "column")), h("ul", { class: "inputs" }, items));
}

function categoriesNode(categories) {
  if (!categories?.length) return null;
  const texts = categories.map(cellText);
  if (texts.length <= FEW) return h("p", { class: "categories" }, texts.join(", "));
  const summary = `${texts.slice(0, 3).join(", ")} … ${integers.format(texts.length)} in all`;
  return h("details", { class: "categories" }, h("summary", {}, summary), texts.slice(0, 1000).join(", "));
}
