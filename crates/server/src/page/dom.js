"use strict";

// Elements from plain calls. Text is only ever text: nothing on this page makes markup of it.

/** An element; attributes `on…` are listeners, `null` and `false` are left out, and so are such children. */
function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.flat(Infinity).filter((it) => it != null && it !== false));
  return node;
}

const byId = (id) => document.getElementById(id);

/** Puts `children` in place of what `node` holds. */
function fill(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter((it) => it != null && it !== false));
  return node;
}

const integers = new Intl.NumberFormat("en");

/** `1,204 rows`, `1 row`. */
function counted(n, noun, nouns = `${noun}s`) {
  return `${integers.format(n)} ${n === 1 ? noun : nouns}`;
}

/** `3.4 MB`. */
function bytesText(n) {
  const units = ["bytes", "kB", "MB", "GB"];
  const power = n < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(n) / 3));
  return `${power ? (n / 1000 ** power).toPrecision(3) : n} ${units[power]}`;
}

/** `12 ms`, `3.1 s`. */
function durationText(ms) {
  return ms < 1000 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** A block of code with a button that copies it. `text` is asked for when it is needed. */
function copyable(label, text) {
  const code = h("code");
  const pre = h("pre", { tabindex: "0", role: "region", "aria-label": label }, code);
  const button = h("button", { type: "button", class: "quiet", onclick: () => copy(code, button) }, "Copy");
  const node = h("details", { class: "code" }, h("summary", {}, label), h("div", { class: "copyable" }, pre, button));
  const show = () => node.open && fill(code, text());
  node.addEventListener("toggle", show);
  return { node, show };
}

/** Copies, or where the browser does not allow it, selects for copying by hand. */
async function copy(code, button) {
  let said = "Copied";
  try {
    await navigator.clipboard.writeText(code.textContent);
  } catch {
    getSelection().selectAllChildren(code);
    said = "Selected";
  }
  fill(button, said);
  setTimeout(() => fill(button, "Copy"), 2000);
}
