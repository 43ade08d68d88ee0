// What is asked of the server. Paths are relative: the page also works behind a prefix.

const KEY = "pythia-api-key";

/** The server's refusal, or that it does not answer (`status` 0). */
class Refused extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

/** The key for this tab alone; a browser that keeps nothing keeps it in memory. */
const apiKey = {
  value: "",
  get() {
    try {
      return sessionStorage.getItem(KEY) ?? this.value;
    } catch {
      return this.value;
    }
  },
  set(value) {
    this.value = value;
    try {
      sessionStorage.setItem(KEY, value);
    } catch {
      // Private windows may refuse; `value` holds it until the page is left.
    }
  },
};

/** The first character that a header cannot hold: beyond Latin-1, or a control character. */
const oddIn = (text) => [...text].find((it) => it > "\xff" || it < " " || it === "\x7f");

/** Sends a request; gives the response if it is a success. */
async function ask(path, options = {}) {
  const headers = { ...options.headers };
  const key = apiKey.get();
  const odd = oddIn(key);
  if (odd) throw new Refused(401, `No request can carry the character ${odd} of this API key. Is it the right one?`);
  if (key) headers["X-API-Key"] = key;
  let response;
  try {
    response = await fetch(path, { cache: "no-store", ...options, headers });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, "The server does not answer. Is it still running?");
  }
  if (!response.ok) throw new Refused(response.status, refusal(await response.text(), response));
  return response;
}

/** The error's own words: `{"error": …}`, or what else the body says. */
function refusal(body, response) {
  try {
    const { error, message, detail } = JSON.parse(body);
    const text = [error, message, detail].find((it) => it);
    if (text) return typeof text === "string" ? text : JSON.stringify(text);
  } catch {
    // Not JSON: a proxy's own page, perhaps.
  }
  const plain = body.length < 300 && !body.includes("<") ? body.trim() : "";
  return plain || `The server answered ${response.status} ${response.statusText}`.trim();
}

/** A POST of JSON text: the answer, its text and how long it took. */
async function post(path, body, signal) {
  const started = performance.now();
  const response = await ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body, signal });
  const text = await response.text();
  return { text, value: parseJson(text), ms: performance.now() - started };
}

/** The same request as a shell line. The key itself is never written there. */
function curlLine(path, body) {
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const url = new URL(path, location.href).href;
  const key = apiKey.get() ? ' -H "X-API-Key: $API_KEY"' : "";
  return `curl ${quoted(url)}${key} -H 'Content-Type: application/json' -d ${quoted(body)}`;
}
