"""Times one request through services of the examples, Pythia beside the same service in Python, in one run.

    cargo build --release -p engine --example one_record
    python benches/one_record.py

Body to answer, in memory: no HTTP on either side. Prints median and 99th percentile in microseconds. The services in Python run in the
environments that fixtures/environments.py makes, with one thread. Beside the examples there is an LSTM of the size that people serve:
two layers of 128 over 60 steps of 10 features, its weights made at random here, with PyTorch's own time for it.
"""

import argparse
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "fixtures"))
import environments

# Each service in Python: its environment, and which of its requests.
SERVICES = {"housing": ("category_encoders-2.11.2", 2), "schedule": ("1.9.1", 2), "stocks": ("torch-2.15.0", 0)}
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore"}
TIMED = """
import json, sys, time

def timed(name, repeats, work, prediction=None):
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1e6)
    times.sort()
    print(json.dumps({"service": name, "median_us": times[repeats // 2], "p99_us": times[repeats * 99 // 100], "prediction": prediction}))
"""
ANSWER = """
import datetime, inspect, service
name, nth, repeats = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
request = json.dumps(json.load(open("requests.json"))[nth])
more = [datetime.datetime.now(), "bench"][:len(inspect.signature(service.answer).parameters) - 1]
timed(name, repeats, lambda: json.dumps(service.answer(json.loads(request), *more)))
"""
# A bundle of a large network, and the network's own time.
NETWORK = """
import pathlib, pickle, numpy, torch
from sklearn.preprocessing import StandardScaler
from torch import nn
folder, repeats = pathlib.Path(sys.argv[1]), int(sys.argv[2])
torch.manual_seed(0)
torch.set_num_threads(1)
lstm, fc = nn.LSTM(10, 128, 2, batch_first=True), nn.Linear(128, 1)
windows = torch.randn(200, 60, 10)
scaler = StandardScaler().fit(windows.reshape(-1, 10).numpy().astype("float64"))
state = {f"{name}.{key}": it for name, module in [("lstm", lstm), ("fc", fc)] for key, it in module.state_dict().items()}
torch.save(state, folder / "model.pth")
(folder / "scaler.pkl").write_bytes(pickle.dumps(scaler))
window = windows[:1]
(folder / "example.json").write_text(json.dumps({"features": [round(it, 4) for it in window.flatten().tolist()]}))
def predict():
    with torch.inference_mode():
        return fc(lstm(window)[0][:, -1]).item()
timed("the network alone, LSTM 2 x 128", repeats, predict)
request = (folder / "example.json").read_text()
def answer():
    features = numpy.array(json.loads(request)["features"]).reshape(60, 10)
    scaled = torch.from_numpy(scaler.transform(features).astype("float32"))
    with torch.inference_mode():
        predicted = fc(lstm(scaled[None])[0][:, -1]).item()
    row = numpy.zeros((1, 10))
    row[0, 0] = predicted
    return json.dumps({"prediction": float(scaler.inverse_transform(row)[0, 0])})
timed("LSTM 2 x 128", repeats, answer, json.loads(answer())["prediction"])
"""
BUNDLE = """
name = "LSTM 2 x 128"
[request]
example = "example.json"
[request.fields]
features = { type = "array", shape = [60, 10] }
[[steps]]
name = "predicted"
model = "model.pth"
layers = "layers.toml"
scaler = "scaler.pkl"
window = "features"
[response]
sql = "SELECT json_object('prediction', prediction) FROM predicted"
"""
LAYERS = """
window = [60, 10]
[[layers]]
kind = "lstm"
prefix = "lstm"
[[layers]]
kind = "pool"
over = "last"
[[layers]]
kind = "linear"
prefix = "fc"
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=ROOT / "target/release/examples/one_record")
    parser.add_argument("--repeats", type=int, default=500)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        (folder / "pythia.toml").write_text(BUNDLE)
        (folder / "layers.toml").write_text(LAYERS)
        for name, (environment, nth) in SERVICES.items():
            show("Python", run(environment, ANSWER, ROOT / "examples" / name, name, nth, asked.repeats))
        of_torch = run("torch-2.15.0", NETWORK, folder, folder, asked.repeats)
        show("Python", of_torch)
        ours = run_command([asked.program, ROOT / "examples", folder])
        show("Pythia", ours)
        want, found = of_torch[-1]["prediction"], [it["prediction"] for it in ours[-2:]]
        assert all(math.isclose(it, want, rel_tol=1e-6) for it in found), f"PyTorch predicts {want}, Pythia {found}"


def run(environment, program, folder, *arguments):
    command = [environments.python(environment), "-c", TIMED + program, *arguments]
    return run_command(command, cwd=folder, env={**os.environ, **ONE_THREAD})


def run_command(command, **how):
    done = subprocess.run([str(it) for it in command], stdout=subprocess.PIPE, text=True, check=True, **how)
    return [json.loads(line) for line in done.stdout.splitlines()]


def show(side, lines):
    for it in lines:
        print(f"{side + ', ' + it['service']:<52}{it['median_us']:>10.0f} us{it['p99_us']:>10.0f} us", flush=True)


if __name__ == "__main__":
    main()
