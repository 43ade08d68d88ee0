"""How many requests a second the server answers, how long they take, and whether its memory stays flat.

    python benches/serve.py --pythia target/release/pythia [--seconds 30] [--connections 64]

Serves examples/flights/model.pkl (a pipeline with texts) and sends examples/clients/flights.json, one record of it and a health check with wrk
(`apt-get install wrk`), which runs on the same cores. Needs Python 3.11 and Linux; the exit code is 1 if an answer is an error.
"""

import argparse
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "fixtures"))
import processes  # noqa: E402
import servers  # noqa: E402

POST = 'wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\nwrk.body = [==[{}]==]\n'


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pythia", required=True, help="the binary")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--connections", type=int, default=64)
    asked = parser.parse_args()
    records = json.loads((ROOT / "examples" / "clients" / "flights.json").read_text())["records"]
    hundred = {"records": [records[at % 2] for at in range(100)]}
    port = servers.free_ports(1)[0]
    command = [asked.pythia, "serve", str(ROOT / "examples" / "flights" / "model.pkl"), "--port", str(port)]
    process = subprocess.Popen(command, env={**os.environ, "PYTHIA_LOG_LEVEL": "warn"})
    url = f"http://127.0.0.1:{port}"
    try:
        until_ready(url)
        print("| request | requests/s | rows/s | p50 | p99 | errors | memory before | after |\n|---|---|---|---|---|---|---|---|")
        n_errors = sum(
            [
                measure(asked, process, f"{url}/health", "health check", None, 0),
                measure(asked, process, f"{url}/predict", "1 record", json.dumps(records[:1]), 1),
                measure(asked, process, f"{url}/predict", "100 records", json.dumps(hundred), 100),
            ]
        )
        process.send_signal(signal.SIGTERM)
        ended = process.wait(timeout=30)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
    sys.exit(1 if n_errors or ended else 0)


def until_ready(url):
    for _ in range(600):
        try:
            return urllib.request.urlopen(f"{url}/health", timeout=2).read()
        except OSError:
            time.sleep(0.05)
    sys.exit("the server did not start")


def measure(asked, process, url, name, body, n_rows):
    """Prints a line of the table; the number of errors."""
    run(asked, url, body, 1)
    before = processes.resident_megabytes(process.pid)
    text = run(asked, url, body, asked.seconds)
    after = processes.resident_megabytes(process.pid)
    rate = float(re.search(r"Requests/sec:\s*([\d.]+)", text)[1])
    p50, p99 = (re.search(rf"{it}%\s+(\S+)", text)[1] for it in (50, 99))
    errors = [int(it) for it in re.findall(r"(?:connect|read|write|timeout) (\d+)|Non-2xx or 3xx responses: (\d+)", text) for it in it if it]
    print(f"| {name} | {rate:,.0f} | {rate * n_rows:,.0f} | {p50} | {p99} | {sum(errors)} | {before:.1f} MB | {after:.1f} MB |", flush=True)
    return sum(errors)


def run(asked, url, body, seconds):
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(POST.format(body) if body else "")
        script.flush()
        command = ["wrk", "-t2", f"-c{asked.connections}", f"-d{seconds}s", "--timeout", "10s", "--latency", "-s", script.name, url]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    main()
