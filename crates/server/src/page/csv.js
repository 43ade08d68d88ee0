// CSV as bytes, cut between records by the rules of the command's reader: a quote opens a field only at its start;
// \n, \r\n and \r end a line outside quotes; lines of blanks are no records.

const QUOTE = 34, COMMA = 44, LF = 10, CR = 13;
const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Calls `each(cells, start, end)` for each record: [start, end, …] of its fields, and of all of it with its line ending. */
function eachRecord(bytes, each) {
  const n = bytes.length;
  // Behind a byte order mark.
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (at < n) {
    const start = at;
    const cells = [];
    let more = true;
    while (more) {
      const from = at;
      at = fieldEnd(bytes, at);
      cells.push(from, at);
      more = bytes[at] === COMMA;
      if (more) at += 1;
    }
    if (at < n) at += bytes[at] === CR && bytes[at + 1] === LF ? 2 : 1;
    if (cells.length > 2 || !isBlank(bytes, cells[0], cells[1])) each(cells, start, at);
  }
}

/** Where the field that starts at `at` ends: at a comma, a line ending or the end of the bytes. */
function fieldEnd(bytes, at) {
  if (bytes[at] === QUOTE) at = quoteEnd(bytes, at + 1);
  while (at < bytes.length && bytes[at] !== COMMA && bytes[at] !== LF && bytes[at] !== CR) at += 1;
  return at;
}

/** Behind the closing quote; beyond the bytes if there is none. */
function quoteEnd(bytes, at) {
  for (;;) {
    at = bytes.indexOf(QUOTE, at);
    if (at < 0) return bytes.length + 1;
    if (bytes[at + 1] !== QUOTE) return at + 1;
    at += 2;
  }
}

function isBlank(bytes, from, to) {
  while (from < to && (bytes[from] === 32 || bytes[from] === 9)) from += 1;
  return from >= to;
}

/** The end of the last record that is whole whatever follows; 0 if there is none. */
function lastRecordEnd(bytes) {
  let end = 0;
  let at = 0;
  while (at < bytes.length) {
    at = fieldEnd(bytes, at);
    // A final \r may be the half of \r\n, and a final quote that of two.
    if (at >= bytes.length - (bytes[at] === CR)) return end;
    at += bytes[at] === CR && bytes[at + 1] === LF ? 2 : 1;
    if (bytes[at - 1] !== COMMA) end = at;
  }
  return end;
}

/** A field's text, without its quotes. */
function cellOf(bytes, from, to) {
  const text = decoder.decode(bytes.subarray(from, to));
  if (bytes[from] !== QUOTE) return text;
  const close = quoteEnd(bytes, from + 1) - 1 - from;
  const inner = decoder.decode(bytes.subarray(from + 1, from + close)).replaceAll('""', '"');
  return inner + decoder.decode(bytes.subarray(from + close + 1, to));
}

/** How many lines end in `bytes`, inside quotes too. */
function lineCount(bytes) {
  let n = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] === LF || (bytes[at] === CR && bytes[at + 1] !== LF)) n += 1;
  }
  return n;
}

/** A value as a CSV field: quoted only where it must be. */
function fieldText(value) {
  const text = value == null ? "" : value === true ? "True" : value === false ? "False" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function joined(...parts) {
  const all = new Uint8Array(parts.reduce((sum, it) => sum + it.length, 0));
  parts.reduce((at, it) => (all.set(it, at), at + it.length), 0);
  return all;
}

/**
 * Cuts a stream into slices of whole records: of about `wanted()` bytes, and with the header of at most `most`. Yields
 * {header, rows, line}: bytes, and the line of the file on which the rows begin.
 */
async function* slicesOf(stream, most, wanted = () => most) {
  const reader = stream.getReader();
  let [rest, header, line, cuts, done] = [new Uint8Array(), null, 1, 0, false];
  const cut = (end) => {
    const slice = { header, rows: rest.slice(0, end), line };
    line += lineCount(slice.rows);
    cuts += 1;
    rest = rest.subarray(end);
    return slice;
  };
  // The end of the records that are whole and within `room`; 0 if there are none, or more may come.
  const fit = (room) => (rest.length > room ? lastRecordEnd(rest.subarray(0, Math.max(0, room))) : done ? rest.length : 0);
  while (!done) {
    const chunk = await reader.read();
    done = chunk.done;
    if (!done) rest = joined(rest, chunk.value);
    if (!header) {
      const end = headerEnd(rest, done);
      if (end) header = cut(end).rows;
    }
    const room = most - (header ?? []).length;
    for (let end; header && rest.length && (end = fit(Math.min(wanted(), room)) || fit(room)); ) yield cut(end);
    if (rest.length > room) throw new Error(`line ${line}: a record is larger than the server takes (${bytesText(most)})`);
  }
  // A file without rows is for the server to refuse.
  if (cuts < 2) yield { header: header ?? rest, rows: new Uint8Array(), line };
}

/** The end of the first record; 0 if it may not be whole yet. */
function headerEnd(bytes, done) {
  let end = 0;
  eachRecord(bytes, (cells, start, to) => (end ||= to));
  return done || end <= lastRecordEnd(bytes) ? end : 0;
}
