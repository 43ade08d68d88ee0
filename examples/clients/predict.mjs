// Send two records and print the answer.
import { readFile } from "node:fs/promises";

const url = process.env.PYTHIA_URL ?? "http://localhost:8080";
const records = await readFile(new URL("flights.json", import.meta.url), "utf8");
const answer = await fetch(`${url}/predict`, {
  method: "POST",
  headers: { "Content-Type": "application/json", "X-API-Key": process.env.API_KEY ?? "" },
  body: records,
});
const body = await answer.json();
if (!answer.ok) {
  console.error(`${answer.status}: ${body.error} (request ${answer.headers.get("X-Request-Id")})`);
  process.exit(1);
}
console.log(JSON.stringify(body));
