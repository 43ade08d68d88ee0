"""Times the Lambda function, Pythia beside a plain Python handler, pair by pair in one run.

    cargo build --release
    python benches/function.py [--rows 1000000] [--repeats 3] [--gigabytes 5] [--only stream] [--pythia target/release/pythia]

Both answer the same events from the same runtime API (runtime_api.py) and read from and write to the same S3 server: SeaweedFS,
with objects on disk, on this machine. The Python side is handler.py. Printed are medians: start to first request for an event,
seconds of an invocation, its processor time (which other work on the machine does not change), and the process's largest resident
set. Last, --gigabytes of CSV go from S3 through Pythia to S3 (0 leaves it out); that S3 is endless_s3.py, which needs no disk.
Environments that are absent are made.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "fixtures"))
import environments  # noqa: E402
import servers  # noqa: E402
from endless_s3 import Repeated, serving  # noqa: E402
from processes import peak_megabytes, processor_seconds, resident_megabytes  # noqa: E402
from runtime_api import running  # noqa: E402

HANDLER = "handler-1"
FEATURES = list("abcdefgh")
BUCKET = "bucket"

TRAIN = """
import pickle, sys
import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression
from sklearn.ensemble import GradientBoostingRegressor

folder, n = sys.argv[1], int(sys.argv[2])
rng = np.random.default_rng(7)
X = pd.DataFrame(rng.normal(size=(n, 8)), columns=list("abcdefgh"))
X.to_csv(folder + "/table.csv", index=False)
X.head(100).to_csv(folder + "/small.csv", index=False)
small = X.head(5000)
y = small @ rng.normal(size=8) + np.sin(3 * small["a"])
models = {"linear": LinearRegression(), "boosting": GradientBoostingRegressor(n_estimators=100, max_depth=3, random_state=0)}
for name, model in models.items():
    pickle.dump(model.fit(small, y), open(folder + "/" + name + ".pkl", "wb"))
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--gigabytes", type=float, default=5)
    parser.add_argument("--only", default="", help="measure only what holds this: start, linear, boosting, stream")
    parser.add_argument("--pythia", default=str(HERE.parent / "target/release/pythia"))
    asked = parser.parse_args()
    if not os.access(asked.pythia, os.X_OK):
        sys.exit(f"{asked.pythia} is not there: cargo build --release")
    servers.enter(servers.SEAWEEDFS)
    python = str(environments.python(HANDLER))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        print(f"training, and writing {asked.rows:,} rows ...", flush=True)
        subprocess.run([python, "-c", TRAIN, name, str(asked.rows)], check=True)
        (folder / "s3").mkdir()
        with servers.seaweedfs(folder / "s3") as endpoint:
            measure(asked, python, folder, endpoint)


def measure(asked, python, folder, endpoint):
    s3 = servers.client("s3", endpoint, attempts=5)
    for path in [*folder.glob("*.csv"), *folder.glob("*.pkl")]:
        s3.upload_file(str(path), BUCKET, path.name)
    settings = {**servers.settings(endpoint), "AWS_ENDPOINT_URL": endpoint}
    sides = [[str(pathlib.Path(asked.pythia).resolve())], [python, str(HERE / "handler.py")]]
    chosen = [name for name in ["start", "linear", "boosting", "stream"] if asked.only in name]
    print(f"\n{'':40}{'Pythia':>12}{'Python':>12}{'ratio':>8}")
    if "start" in chosen:
        starts(sides, settings, max(asked.repeats, 5))
    for model in [name for name in ["linear", "boosting"] if name in chosen]:
        large(model, asked, sides, settings)
    if asked.gigabytes and "stream" in chosen:
        stream(asked.gigabytes, folder, sides[0])


def event(model, data, output):
    places = {"model_s3_uri": f"s3://{BUCKET}/{model}.pkl", "data_s3_uri": f"s3://{BUCKET}/{data}", "output_s3_uri": f"s3://{BUCKET}/{output}"}
    return {**places, "prediction_column_name": "prediction", "feature_columns": FEATURES}


def invoke(function, request):
    """Seconds of a batch that must succeed, and its answer."""
    answer, seconds = function.invoke(request)
    if answer.get("statusCode") != 200:
        sys.exit(f"{function.process.args[-1]} answered {answer}")
    return seconds, answer


def starts(sides, settings, repeats):
    """Cold starts, and the first and second small batch."""
    seen = [[start(side, settings) for side in sides] for _ in range(repeats)]
    names = ["start to first request", "first batch, 100 rows", "second batch, 100 rows", "resident after a small batch"]
    for place, (name, unit) in enumerate(zip(names, ["ms", "ms", "ms", "MB"])):
        line(name, [[run[side][place] for run in seen] for side in range(2)], unit)


def start(side, settings):
    with running(side, settings) as function:
        first, second = (invoke(function, event("linear", "small.csv", "out.csv"))[0] for _ in range(2))
        return function.init_seconds * 1e3, first * 1e3, second * 1e3, resident_megabytes(function.process.pid)


def large(model, asked, sides, settings):
    """A batch of many rows in a fresh process, and its memory."""
    runs = []
    for _ in range(asked.repeats):
        pair = []
        for place, side in enumerate(sides):
            with running(side, settings) as function:
                before = processor_seconds(function.process.pid)
                seconds, _ = invoke(function, event(model, "table.csv", f"out-{place}.csv"))
                computed = processor_seconds(function.process.pid) - before
                pair.append((seconds, computed, peak_megabytes(function.process.pid)))
        runs.append(pair)
    for place, (name, unit) in enumerate([(f"{asked.rows:,} rows, {model}", "s"), ("  processor time", "s"), ("  memory", "MB")]):
        line(name, [[run[side][place] for run in runs] for side in range(2)], unit)


def line(name, values, unit):
    ours, theirs = values
    ratio = statistics.median(b / a for a, b in zip(ours, theirs))
    digits = 2 if unit == "s" else 1 if unit == "ms" else 0
    cells = "".join(f"{statistics.median(side):>9.{digits}f} {unit:2}" for side in values)
    print(f"{name:40}{cells}{ratio:>7.1f}x", flush=True)


def stream(gigabytes, folder, side):
    """A table much larger than memory, from S3 to S3."""
    header, rows = (folder / "table.csv").read_bytes().split(b"\n", 1)
    copies = max(1, round(gigabytes * 1e9 / len(rows)))
    table = Repeated(header + b"\n", rows, copies)
    n_rows = rows.count(b"\n") * copies
    objects = {f"/{BUCKET}/huge.csv": table, f"/{BUCKET}/linear.pkl": Repeated((folder / "linear.pkl").read_bytes(), b"", 0)}
    with serving(objects) as server, running(side, servers.settings(f"http://127.0.0.1:{server.server_address[1]}")) as function:
        seconds, answer = invoke(function, event("linear", "huge.csv", "huge-out.csv"))
        peak, computed = peak_megabytes(function.process.pid), processor_seconds(function.process.pid)
    if f'"predictions_generated":{n_rows},' not in answer["body"] or server.n_lines != n_rows + 1 or not server.is_complete:
        sys.exit(f"{n_rows} rows went in, {server.n_lines} lines came out, and the answer is {answer}")
    sizes = f"{table.size / 1e9:.1f} GB in, {server.n_bytes / 1e9:.1f} GB out, {n_rows:,} rows"
    print(f"\n{sizes}: {seconds:.1f} s, of the processor {computed:.1f} s; at most {peak:.0f} MB", flush=True)


if __name__ == "__main__":
    main()
