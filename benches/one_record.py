"""Times one request through services of the examples, Pythia beside the same service in Python with pandas, in one run.

    cargo build --release -p engine --example one_record
    python benches/one_record.py            with the packages of examples/housing/requirements.txt

Body to answer, in memory: no HTTP on either side. Prints median and 99th percentile in microseconds.
"""

import argparse
import importlib.util
import json
import pathlib
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=ROOT / "target/release/examples/one_record")
    parser.add_argument("--repeats", type=int, default=500)
    args = parser.parse_args()
    examples = ROOT / "examples"
    show(*python("Python, housing", examples / "housing", args.repeats))
    done = subprocess.run([args.program, examples], capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        found = json.loads(line)
        show("Pythia, " + found["service"], found["median_us"], found["p99_us"])


def python(name, folder, repeats):
    spec = importlib.util.spec_from_file_location("service", folder / "service.py")
    service = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(service)
    body = json.dumps(json.loads((folder / "requests.json").read_text())[2])
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        json.dumps(service.answer(json.loads(body)))
        times.append((time.perf_counter() - started) * 1e6)
    times.sort()
    return name, times[repeats // 2], times[repeats * 99 // 100]


def show(name, median, p99):
    print(f"{name:<40}{median:>10.0f} us{p99:>10.0f} us")


if __name__ == "__main__":
    main()
