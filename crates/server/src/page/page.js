// The page: asks what is served here, shows it, and wires the form and the file to it.

start();

async function start() {
  byId("key").addEventListener("submit", useKey);
  for (const kind of ["dragover", "drop"]) document.addEventListener(kind, keepPage);
  await show();
}

/** A file that is dropped beside its box must not take the place of the page. */
function keepPage(event) {
  if (!event.dataTransfer?.types.includes("Files")) return;
  if (!byId("drop").contains(event.target)) event.dataTransfer.dropEffect = "none";
  event.preventDefault();
}

/** Asks for the document and the card; a server that wants a key is asked again when it is given. */
async function show() {
  fill(byId("trouble"));
  try {
    const [openapi, card] = await Promise.all(["openapi.json", "card.json"].map(async (it) => parseJson(await (await ask(it)).text())));
    byId("key").hidden = true;
    byId("all").hidden = false;
    present(card, openapi);
    fill(byId("version"), `Pythia ${card.version ?? ""}`);
  } catch (error) {
    byId("key").hidden = error.status !== 401;
    if (error.status === 401 && !apiKey.get()) return byId("key-input").focus();
    fill(byId("trouble"), alertOf(error), error.status !== 401 && h("button", { type: "button", class: "quiet", onclick: show }, "Try again"));
  }
}

function useKey(event) {
  event.preventDefault();
  apiKey.set(byId("key-input").value);
  byId("key-input").value = "";
  show();
}

function alertOf(error) {
  const text = error.message === "Unauthorized" ? "The server does not take this API key." : error.message;
  return h("p", { class: "alert" }, text);
}

function present({ cards, limits }, openapi) {
  const asked = new URLSearchParams(location.search).get("service");
  const card = cards.find((it) => it.name === asked) ?? cards[0];
  const link = (it) => h("a", { href: `?service=${encodeURIComponent(it.name)}`, "aria-current": it === card && "page" }, it.name);
  fill(byId("services"), cards.length > 1 && cards.map(link));
  const inputs = card.models.flatMap((it) => it.inputs);
  const request = describeRequest(openapi, card.path);
  const place = ({ name }) => inputs.findIndex((it) => it.name === name);
  // A bundle says itself in which order its columns are.
  if (!card.steps) request.record.sort((a, b) => place(a) - place(b));
  document.title = `${card.name} · Pythia`;
  fill(byId("name"), card.name);
  fill(byId("sentence"), sentence(card));
  fill(byId("card"), cardNodes(card));
  const known = new Map(inputs.map((it) => [it.name, it.categories]));
  wireForm(request, requestForm(request, known));
  if (request.rows) wireFile(card, request, Number(limits.body_bytes));
}

function wireForm(request, form) {
  let last = { text: "", request: null };
  const body = () => writeJson(form.read() ?? request.example);
  const curl = copyable("As a curl command", () => curlLine(request.path, last.request ?? body()));
  const raw = copyable("Raw JSON", () => writeJson(parseJson(last.text), "  "));
  raw.node.hidden = true;
  fill(byId("fields"), form.node);
  fill(byId("codes"), curl.node, raw.node);
  byId("form").addEventListener("input", () => (last.request = null));
  byId("form").onsubmit = async (event) => {
    event.preventDefault();
    const asked = form.read();
    if (!asked) return;
    fill(byId("state"), "Asking…");
    fill(byId("refusal"));
    last = { text: last.text, request: writeJson(asked) };
    try {
      const { text, value, ms } = await post(request.path, last.request);
      last.text = text;
      const n = asked[request.rows]?.length ?? 0;
      fill(byId("answer"), answerNodes(value, n)).hidden = false;
      fill(byId("spoken"), spoken(value, n));
      fill(byId("state"), `Answered in ${durationText(ms)}`);
      raw.node.hidden = false;
    } catch (error) {
      fill(byId("state"));
      byId("answer").hidden = raw.node.hidden = true;
      fill(byId("refusal"), alertOf(error));
      if (error.status === 401) byId("key").hidden = false;
      form.blame(error.message);
    }
    raw.show();
    curl.show();
  };
}

function wireFile(card, request, limit) {
  const [drop, csv] = [byId("drop"), byId("csv")];
  const run = (file) => file && runFile(file, card, request, Math.min(SLICE, limit));
  const { methods, method } = card.takes_csv ? card.models[0] : { methods: [] };
  fill(byId("method"), methods.map((it) => h("option", { selected: it === method }, it)));
  byId("method-field").hidden = methods.length < 2;
  byId("file").hidden = false;
  csv.onchange = () => {
    run(csv.files[0]);
    csv.value = "";
  };
  drop.ondragover = (event) => {
    event.preventDefault();
    drop.classList.add("over");
  };
  drop.ondragleave = () => drop.classList.remove("over");
  drop.ondrop = (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    run(event.dataTransfer.files[0]);
  };
}

let running = null;

async function runFile(file, card, request, limit) {
  running?.abort();
  const mine = (running = new AbortController());
  const [column, started] = [byId("column").value || "prediction", performance.now()];
  const { seen, sends, look } = watcher(column);
  const send = sends(patient(sender(card, request, column)));
  let drawn = 0;
  const watch = (bytes, read) => {
    const own = look(bytes);
    // A chart of many rows takes longer than to predict the next.
    if (performance.now() - drawn > 400) drawn = showChart(seen);
    byId("progress").value = file.size ? read / file.size : 1;
    fill(byId("file-state"), `${counted(seen.n, "row")}, ${bytesText(read)} of ${bytesText(file.size)}`);
    return own;
  };
  byId("cancel").onclick = () => mine.abort();
  byId("progress").value = 0;
  fill(byId("file-refusal"));
  fill(byId("file-answer")).hidden = true;
  fill(byId("file-state"), `Reading ${file.name}`);
  byId("running").hidden = false;
  try {
    const blob = await predictFile(file, limit, send, mine.signal, watch);
    fill(byId("file-state"), `${counted(seen.n, "row")} in ${durationText(performance.now() - started)}`);
    showChart(seen);
    showDownload(file, blob);
  } catch (error) {
    if (mine !== running) return;
    byId("file-answer").hidden = true;
    fill(byId("file-state"), mine.signal.aborted ? "Cancelled." : "");
    if (!mine.signal.aborted) fill(byId("file-refusal"), h("p", { class: "alert" }, h("strong", {}, file.name), ": ", error.message));
  }
  byId("running").hidden = true;
}

function sender(card, request, column) {
  if (card.takes_csv) return sendCsv(request.path, { column, method: byId("method").value });
  return sendRecords(request, { column, fields: {} });
}

/** The chart of one of the new columns; of several the reader chooses. Gives the time. */
function showChart(seen) {
  const answer = byId("file-answer");
  if (answer.hidden) {
    const choose = h("select", { "aria-label": "Column of the chart", onchange: () => showChart(seen) }, seen.names.map((it) => h("option", {}, it)));
    const title = seen.names.length > 1 ? choose : h("strong", {}, seen.names[0]);
    fill(answer, h("p", { class: "line" }, title), h("div", { class: "chart" }));
    answer.hidden = false;
  }
  const at = answer.querySelector("select")?.selectedIndex ?? 0;
  if (seen.predictions[at]) fill(answer.querySelector(".chart"), chartNodes(seen.predictions[at]));
  return performance.now();
}

let download = "";

function showDownload(file, blob) {
  URL.revokeObjectURL(download);
  download = URL.createObjectURL(blob);
  const name = file.name.replace(/(\.csv)?(\.gz)?$/i, "-predicted.csv");
  const link = h("a", { class: "button", href: download, download: name }, `Download ${name}`);
  byId("file-answer").append(h("p", {}, link, " ", h("span", { class: "muted" }, bytesText(blob.size))));
}
