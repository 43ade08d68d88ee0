"""Times whole commands, Pythia beside Python, pair by pair in one run, and prints medians.

    cargo build --release
    python benches/whole.py [--rows 1000000] [--repeats 5] [--pythia target/release/pythia] [--only linear]

Seconds are wall time from process start to end; memory is the largest resident set, as the operating system counts it.
The Python side is the handler people deploy: read_csv, unpickle, predict, to_csv. It runs in the scikit-learn 1.9.1
environment of fixtures/environments.toml, which is made if it is not there.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "fixtures"))
import environments  # noqa: E402

ENVIRONMENT = "1.9.1"

TRAIN = """
import pickle, sys
import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression
from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

folder, n = sys.argv[1], int(sys.argv[2])
rng = np.random.default_rng(7)
X = pd.DataFrame(rng.normal(size=(n, 8)), columns=list("abcdefgh"))
X.to_csv(folder + "/numbers.csv", index=False)
X.head(1).to_csv(folder + "/one.csv", index=False)
small = X.head(5000)
y = small @ rng.normal(size=8) + np.sin(3 * small["a"])
models = {
    "linear": LinearRegression().fit(small, y),
    "boosting": GradientBoostingRegressor(n_estimators=100, max_depth=3, random_state=0).fit(small, y),
    "forest": RandomForestClassifier(n_estimators=100, max_depth=12, random_state=0).fit(small, y > 0),
}
T = X.assign(**{name: rng.choice(list("uvwxyz"), n) for name in ["p", "q", "r"]})
T = T.assign(**{name: rng.normal(size=n) for name in "ijklm"})
T.to_csv(folder + "/mixed.csv", index=False)
texts = ["p", "q", "r"]
numbers = [name for name in T.columns if name not in texts]
columns = ColumnTransformer([("n", StandardScaler(), numbers), ("t", OneHotEncoder(handle_unknown="ignore"), texts)])
models["mixed"] = make_pipeline(columns, LogisticRegression()).fit(T.head(5000), y > 0)
for name, model in models.items():
    pickle.dump(model, open(folder + "/" + name + ".pkl", "wb"))
"""

HANDLER = """
import pickle, sys
import pandas as pd
model_path, data, output = sys.argv[1:]
model = pickle.load(open(model_path, "rb"))
table = pd.read_csv(data)
table["prediction"] = model.predict(table[list(model.feature_names_in_)])
table.to_csv(output, index=False)
"""

# name, model, data
CASES = [
    ("one row, linear", "linear", "one"),
    ("linear", "linear", "numbers"),
    ("boosting 100 x depth 3", "boosting", "numbers"),
    ("forest 100 x depth 12", "forest", "numbers"),
    ("13 numbers + 3 texts, logistic", "mixed", "mixed"),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--pythia", default=str(HERE.parent / "target/release/pythia"))
    parser.add_argument("--only", default="", help="run the cases whose name holds this")
    args = parser.parse_args()
    if not os.access(args.pythia, os.X_OK):
        sys.exit(f"{args.pythia} is not there: cargo build --release")
    python = str(environments.python(ENVIRONMENT))
    with tempfile.TemporaryDirectory() as folder:
        print(f"training on {args.rows:,} rows ...", flush=True)
        subprocess.run([python, "-c", TRAIN, folder, str(args.rows)], check=True)
        print(f"{'':32}{'pythia':>10}{'python':>10}{'ratio':>8}{'pythia':>10}{'python':>10}")
        for name, model, data in CASES:
            if args.only in name:
                compare(name, args, python, f"{folder}/{model}.pkl", f"{folder}/{data}.csv", folder)


def compare(name, args, python, model, data, folder):
    ours = [args.pythia, "predict", model, data, "-o", f"{folder}/ours.csv", "--quiet"]
    theirs = [python, "-c", HANDLER, model, data, f"{folder}/theirs.csv"]
    pairs = [(timed(ours), timed(theirs)) for _ in range(args.repeats)]
    seconds = [statistics.median(run[0] for run in side) for side in zip(*pairs)]
    memory = [max(run[1] for run in side) for side in zip(*pairs)]
    ratio = statistics.median(theirs[0] / ours[0] for ours, theirs in pairs)
    print(
        f"{name:32}{seconds[0]:>8.3f} s{seconds[1]:>8.2f} s{ratio:>7.0f}x{memory[0]:>7.0f} MB{memory[1]:>7.0f} MB",
        flush=True,
    )


def timed(command):
    """Seconds and megabytes of one run."""
    start = time.perf_counter()
    child = subprocess.Popen(command)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    if status != 0:
        sys.exit(f"{command[0]} failed with status {status}")
    return seconds, usage.ru_maxrss / 1024


if __name__ == "__main__":
    main()
