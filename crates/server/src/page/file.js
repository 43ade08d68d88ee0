// A whole CSV: cut into slices of rows, predicted slice by slice in their order, and put together again.

/** Slices are no larger, whatever the server takes: so that progress is seen and memory stays small. */
const SLICE = 1 << 20;
/** Slices begin this small, and grow or shrink until one takes between these milliseconds. */
const [FIRST, LEAST, QUICK, SLOW] = [1 << 17, 1 << 15, 2000, 8000];
/** Slices under way at once: one is computed while others travel. */
const AHEAD = 3;

/**
 * Predicts `file`: `send(slice, signal)` gives {bytes, header} for each slice; `watch(bytes, slice)` sees them in order.
 * The result is a Blob of the whole table.
 */
async function predictFile(file, most, send, signal, watch) {
  const stop = new AbortController();
  signal.addEventListener("abort", () => stop.abort());
  const source = { bytes: 0 };
  const parts = [];
  const underWay = [];
  let [empty, wanted] = [null, FIRST];
  const begin = (slice) => {
    const started = performance.now();
    const pace = () => {
      const ms = performance.now() - started;
      wanted = ms < QUICK ? Math.min(SLICE, wanted * 2) : ms > SLOW ? Math.max(LEAST, wanted / 2) : wanted;
    };
    const answer = send(slice, stop.signal);
    answer.then(pace, () => {});
    underWay.push({ answer, read: source.bytes });
  };
  const take = async () => {
    const { answer, read } = underWay.shift();
    parts.push(watch(await answer, read));
  };
  try {
    for await (const slice of slicesOf(opened(file, source), most, () => wanted)) {
      signal.throwIfAborted();
      if (hasRecords(slice.rows)) begin(slice);
      else empty = slice;
      if (underWay.length === AHEAD) await take();
    }
    if (!parts.length && !underWay.length) begin(empty);
    while (underWay.length) await take();
  } finally {
    stop.abort();
  }
  return new Blob(parts, { type: "text/csv" });
}

/** The file's bytes, unpacked if it is `.gz`; `source.bytes` counts those of the file itself. */
function opened(file, source) {
  const count = new TransformStream({
    transform(chunk, out) {
      source.bytes += chunk.length;
      out.enqueue(chunk);
    },
  });
  const stream = file.stream().pipeThrough(count);
  return /\.gz$/i.test(file.name) ? stream.pipeThrough(new DecompressionStream("gzip")) : stream;
}

function hasRecords(bytes) {
  return bytes.some((it) => it > 32);
}

/** Tries again what a server refuses because it has too much to do. */
function patient(send) {
  return async (slice, signal) => {
    for (let left = 8; ; left -= 1) {
      try {
        return await send(slice, signal);
      } catch (error) {
        if (![429, 503].includes(error.status) || !left) throw error;
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
  };
}

/** Sends slices as they are; the server answers with the same rows and their predictions. */
function sendCsv(path, { column, method }) {
  const query = new URLSearchParams({ column, ...(method && { method }) });
  const headers = { "Content-Type": "text/csv", Accept: "text/csv" };
  return async ({ header, rows, line }, signal) => {
    const before = line - 1 - lineCount(header);
    try {
      const response = await ask(`${path}?${query}`, { method: "POST", headers, body: joined(header, rows), signal });
      return new Uint8Array(await response.arrayBuffer());
    } catch (error) {
      if (error.status) error.message = error.message.replace(/(?:\btable )?\bline (\d+)/g, (_, at) => `line ${Number(at) + before}`);
      throw error;
    }
  };
}

/** Sends slices as records, and writes the answer's lists behind the rows: for services whose answer is no table. */
function sendRecords(request, { column, fields }) {
  const declared = new Map(request.record.map((it) => [it.name, it]));
  return async ({ header, rows, line }, signal) => {
    const names = rowsOf(header)[0].texts;
    const records = rowsOf(rows);
    const asked = records.map(({ texts }) => Object.fromEntries(names.map((name, at) => [name, typed(declared.get(name) ?? { kind: "any" }, texts[at] ?? "")])));
    try {
      const { value } = await post(request.path, writeJson({ ...fields, [request.rows]: asked }), signal);
      return withColumns(header, records, columnsOf(value, column, records.length), names.length);
    } catch (error) {
      if (error.status) error.message = error.message.replace(/\b(row |records?\[)(\d+)\]?/g, (_, word, at) => `line ${lineOf(records, rows, line, Number(at) - (word === "row "))}`);
      throw error;
    }
  };
}

function rowsOf(bytes) {
  const rows = [];
  eachRecord(bytes, (cells, start, end) => {
    const texts = [];
    for (let at = 0; at < cells.length; at += 2) texts.push(cellOf(bytes, cells[at], cells[at + 1]));
    rows.push({ texts, start, body: bytes.subarray(start, cells.at(-1)), ending: bytes.subarray(cells.at(-1), end) });
  });
  return rows;
}

const lineOf = (records, bytes, line, index) => line + lineCount(bytes.subarray(0, records[index]?.start ?? 0));

/** The answer's lists that are as long as the rows, as columns: [[name, values], …]. */
function columnsOf(value, column, n) {
  const lists = Object.entries(isRecord(value) ? value : { value }).filter(([, it]) => Array.isArray(it) && it.length === n);
  const columns = lists.flatMap(([name, list]) => {
    const own = name === "predictions" ? column : name;
    if (list.every(isScalar)) return [[own, list]];
    return [...new Set(list.flatMap((it) => Object.keys(it ?? {})))].map((key) => [`${own}_${key}`, list.map((it) => it?.[key])]);
  });
  if (!columns.length) throw new Error("The answer has no list with a value for each row; send these rows one by one, in the form.");
  return columns;
}

function withColumns(header, records, columns, width) {
  const row = ({ body, ending, texts }, values) => {
    const gaps = ",".repeat(Math.max(0, width - texts.length));
    return [body, encoder.encode(`${gaps},${values.map((it) => fieldText(isScalar(it ?? null) ? it : writeJson(it))).join(",")}`), ending];
  };
  const [head] = rowsOf(header);
  const parts = [row(head, columns.map(([name]) => name)), ...records.map((it, at) => row(it, columns.map(([, values]) => values[at])))];
  return joined(...parts.flat());
}

/** Reads the columns that an answered table has more than the header sent; gives the rows' own bytes. */
function watcher(column) {
  const seen = { names: [], at: [], predictions: [], n: 0 };
  let first = true;
  let own = new Set();
  const sends = (send) => (slice, signal) => {
    own = new Set(rowsOf(slice.header)[0]?.texts);
    return send(slice, signal);
  };
  const look = (bytes) => {
    let headerLength = 0;
    eachRecord(bytes, (cells, start, end) => {
      if (!headerLength) {
        headerLength = end;
        if (first) name(bytes, cells);
        return;
      }
      seen.n += 1;
      seen.at.forEach((at, index) => seen.predictions[index].add(cellOf(bytes, cells[2 * at], cells[2 * at + 1])));
    });
    const whole = first;
    first = false;
    return whole ? bytes : bytes.subarray(headerLength);
  };
  const name = (bytes, cells) => {
    for (let at = 0; at < cells.length; at += 2) {
      const text = cellOf(bytes, cells[at], cells[at + 1]);
      // The rows' own columns may begin alike.
      if (text !== column && (own.has(text) || !text.startsWith(`${column}_`))) continue;
      seen.names.push(text);
      seen.at.push(at / 2);
      seen.predictions.push(new Predictions());
    }
  };
  return { seen, sends, look };
}
