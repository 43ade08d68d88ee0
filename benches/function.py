"""Times the Lambda function, Pythia beside a plain Python handler, pair by pair in one run.

    cargo build --release
    python benches/function.py [--rows 1000000] [--repeats 3] [--gigabytes 5] [--pythia target/release/pythia]

Both answer the same events from the same runtime API (runtime_api.py) and read from and write to the same S3 server: SeaweedFS,
with objects on disk, on this machine. The Python side is handler.py. Printed are medians: start to first request for an event,
seconds of an invocation, and the process's largest resident set. Last, --gigabytes of CSV go from S3 through Pythia to S3 (three
times as much disk is needed meanwhile; 0 leaves it out). Environments that are absent are made.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "fixtures"))
import environments  # noqa: E402
import servers  # noqa: E402
from processes import peak_megabytes, resident_megabytes  # noqa: E402
from runtime_api import running  # noqa: E402

HANDLER = "handler-1"
FEATURES = list("abcdefgh")
BUCKET = "bucket"
# An upload's part: S3 takes 10,000 of at least 5 MiB.
PART_BYTES = 64 << 20

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
    parser.add_argument("--pythia", default=str(HERE.parent / "target/release/pythia"))
    asked = parser.parse_args()
    if not os.access(asked.pythia, os.X_OK):
        sys.exit(f"{asked.pythia} is not there: cargo build --release")
    servers.enter(servers.SEAWEEDFS)
    python = str(environments.python(HANDLER))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        needed = (3 * asked.gigabytes + 2) * 1e9
        if shutil.disk_usage(folder).free < needed:
            sys.exit(f"{needed / 1e9:.0f} GB are needed in {folder}")
        print(f"training, and writing {asked.rows:,} rows ...", flush=True)
        subprocess.run([python, "-c", TRAIN, name, str(asked.rows)], check=True)
        (folder / "s3").mkdir()
        with servers.seaweedfs(folder / "s3", gigabytes=3 * asked.gigabytes + 3) as endpoint:
            measure(asked, python, folder, endpoint)


def measure(asked, python, folder, endpoint):
    s3 = servers.client("s3", endpoint)
    for path in [*folder.glob("*.csv"), *folder.glob("*.pkl")]:
        s3.upload_file(str(path), BUCKET, path.name)
    settings = {**servers.settings(endpoint), "AWS_ENDPOINT_URL": endpoint}
    sides = [[str(pathlib.Path(asked.pythia).resolve())], [python, str(HERE / "handler.py")]]
    print(f"\n{'':40}{'Pythia':>12}{'Python':>12}{'ratio':>8}")
    starts(sides, settings, max(asked.repeats, 5))
    for model in ["linear", "boosting"]:
        large(model, asked, sides, settings)
    if asked.gigabytes:
        stream(asked.gigabytes, folder / "table.csv", sides[0], settings, s3)


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
                seconds, _ = invoke(function, event(model, "table.csv", f"out-{place}.csv"))
                pair.append((seconds, peak_megabytes(function.process.pid)))
        runs.append(pair)
    for place, (name, unit) in enumerate([(f"{asked.rows:,} rows, {model}", "s"), ("  its memory", "MB")]):
        line(name, [[run[side][place] for run in runs] for side in range(2)], unit)


def line(name, values, unit):
    ours, theirs = values
    ratio = statistics.median(b / a for a, b in zip(ours, theirs))
    digits = 2 if unit == "s" else 1 if unit == "ms" else 0
    cells = "".join(f"{statistics.median(side):>9.{digits}f} {unit:2}" for side in values)
    print(f"{name:40}{cells}{ratio:>7.1f}x", flush=True)


def stream(gigabytes, table, side, settings, s3):
    """A table much larger than memory, from S3 to S3."""
    header, rows = table.read_bytes().split(b"\n", 1)
    copies = max(1, round(gigabytes * 1e9 / len(rows)))
    print(f"\nuploading {copies} times {len(rows) / 1e6:.0f} MB ...", flush=True)
    upload(s3, "huge.csv", [header + b"\n"] + [rows] * copies)
    n_rows = rows.count(b"\n") * copies
    with running(side, settings) as function:
        seconds, answer = invoke(function, event("linear", "huge.csv", "huge-out.csv"))
        peak = peak_megabytes(function.process.pid)
    size, out = (s3.head_object(Bucket=BUCKET, Key=key)["ContentLength"] for key in ["huge.csv", "huge-out.csv"])
    if f'"predictions_generated":{n_rows},' not in answer["body"]:
        sys.exit(f"{n_rows} rows went in, but the answer is {answer}")
    print(f"{size / 1e9:.1f} GB in, {out / 1e9:.1f} GB out, {n_rows:,} rows: {seconds:.1f} s, {size / 1e6 / seconds:.0f} MB/s, at most {peak:.0f} MB")


def upload(s3, key, pieces):
    """Writes an object in parts, without holding it."""
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key=key)["UploadId"]
    parts, waiting = [], b""
    for place, piece in enumerate(pieces):
        waiting += piece
        is_last = place == len(pieces) - 1
        while len(waiting) >= PART_BYTES or (is_last and waiting):
            number = len(parts) + 1
            part, waiting = waiting[:PART_BYTES], waiting[PART_BYTES:]
            tag = s3.upload_part(Bucket=BUCKET, Key=key, UploadId=upload, PartNumber=number, Body=part)["ETag"]
            parts.append({"PartNumber": number, "ETag": tag})
    s3.complete_multipart_upload(Bucket=BUCKET, Key=key, UploadId=upload, MultipartUpload={"Parts": parts})


if __name__ == "__main__":
    main()
