"""The service as it runs in Python: PyTorch and scikit-learn. Answers requests.json as expected.json has it.

    python service.py            writes expected.json
"""

import datetime
import json
import math
import pathlib
import pickle

import numpy
import torch
from network import FEATURES, STEPS, Network

HERE = pathlib.Path(__file__).resolve().parent
SCALER = pickle.loads((HERE / "scaler.pkl").read_bytes())
METADATA = json.loads((HERE / "metadata.jsonl").read_text())
NETWORK = Network()
NETWORK.load_state_dict(torch.load(HERE / "model.pth", weights_only=True))
NETWORK.eval()
INVALID = {"error": f"Invalid input. Expected {STEPS}x{FEATURES} features ({STEPS * FEATURES} values total)"}


def window(features):
    """60 x 10 numbers, given flat or nested; None for anything else."""
    if not isinstance(features, list):
        return None
    if len(features) == STEPS and all(isinstance(it, list) and len(it) == FEATURES for it in features):
        features = [it for day in features for it in day]
    is_number = lambda it: isinstance(it, (int, float)) and not isinstance(it, bool)
    if len(features) != STEPS * FEATURES or not all(map(is_number, features)):
        return None
    return numpy.array(features, dtype="float64").reshape(STEPS, FEATURES)


def predict(days):
    """The logarithm of the next day's range: scaled, predicted, and put back in units by the scaler's column 0."""
    scaled = torch.from_numpy(SCALER.transform(days).astype("float32"))
    with torch.no_grad():
        predicted = NETWORK(scaled.unsqueeze(0)).item()
    row = numpy.zeros((1, FEATURES))
    row[0, 0] = predicted
    return float(SCALER.inverse_transform(row)[0, 0])


def answer(request, now, request_id):
    days = window(request.get("features"))
    if days is None:
        return INVALID
    predicted = predict(days)
    response = {"ticker": request.get("ticker"), "prediction": math.exp(predicted)}
    if "confidence" in METADATA:
        response["confidence"] = METADATA["confidence"]
    if "residual_025" in METADATA and "residual_975" in METADATA:
        response["interval_95"] = [math.exp(predicted + METADATA[it]) for it in ["residual_025", "residual_975"]]
    timestamp = now.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return {**response, "model": METADATA["model"], "timestamp": timestamp, "request_id": request_id}


def main():
    torch.set_num_threads(1)
    now = datetime.datetime(2013, 11, 18, 9, 15)
    requests = json.loads((HERE / "requests.json").read_text())
    text = ",\n".join(json.dumps(answer(it, now, "test")) for it in requests)
    (HERE / "expected.json").write_text(f"[\n{text}\n]\n")


if __name__ == "__main__":
    main()
