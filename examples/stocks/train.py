"""Train the network of this example on daily prices of two stock indices, and write what its service needs.

    python3.13 -m venv /tmp/stocks && /tmp/stocks/bin/pip install -r requirements.txt
    /tmp/stocks/bin/python train.py && /tmp/stocks/bin/python service.py

Reads the tables that the PyPI package arch ships; README.md says what is predicted. Writes
    model.pth         the state dict
    scaler.pkl        a StandardScaler, fitted on the features of single days
    metadata.jsonl    one line: the model's name, its R² on days it was not trained on, quantiles of its errors there
    requests.json     windows of the last two years, and requests that are wrong
    example.json      the first of them
"""

import importlib.util
import json
import pathlib
import pickle

import numpy
import pandas
import torch
from network import FEATURES, STEPS, Network
from sklearn.preprocessing import StandardScaler

HERE = pathlib.Path(__file__).resolve().parent
INDICES = {"^GSPC": "sp500", "^IXIC": "nasdaq"}
VALIDATED, HELD_OUT = "2010-01-01", "2017-01-01"
EPOCHS, BATCH = 14, 64


def main():
    torch.manual_seed(0)
    torch.set_num_threads(1)
    days = {ticker: features(prices(name)) for ticker, name in INDICES.items()}
    scaler = StandardScaler().fit(numpy.concatenate([it[:VALIDATED].to_numpy() for it in days.values()]))
    known, validation = (split(days, scaler, *span) for span in [("", VALIDATED), (VALIDATED, HELD_OUT)])
    network = fit(Network(), *known)
    residuals, r2 = errors(network, scaler, *validation)
    low, high = numpy.quantile(residuals, [0.025, 0.975])
    metadata = {"model": "LSTM with attention", "confidence": r2, "residual_025": low, "residual_975": high}
    metadata = {name: round(float(it), 4) if name != "model" else it for name, it in metadata.items()}
    torch.save(network.state_dict(), HERE / "model.pth")
    (HERE / "scaler.pkl").write_bytes(pickle.dumps(scaler))
    (HERE / "metadata.jsonl").write_text(json.dumps(metadata) + "\n")
    (HERE / "example.json").write_text(json.dumps(requests(days)[0]) + "\n")
    (HERE / "requests.json").write_text("[\n" + ",\n".join(map(json.dumps, requests(days))) + "\n]\n")
    print(metadata)


def prices(name):
    data = pathlib.Path(importlib.util.find_spec("arch").submodule_search_locations[0]) / "data"
    table = pandas.read_csv(data / name / f"{name}.csv.gz")
    table.index = pandas.to_datetime(table.pop("Date"), format="%m/%d/%Y")
    table = table.loc[:, ["Open", "High", "Low", "Close", "Volume"]]
    return table[table.Volume > 0]


def features(day):
    """Ten numbers for each day; the first, the logarithm of its range in percent, is what is predicted of the next."""
    log = numpy.log(day)
    spread = numpy.log(100 * (log.High - log.Low))
    change = 100 * log.Close.diff()
    columns = {
        "range": spread,
        "change": change,
        "fall": change.clip(upper=0),
        "close_within": (day.Close - day.Low) / (day.High - day.Low),
        "volume": log.Volume - log.Volume.rolling(22).mean(),
        "range_5": spread.rolling(5).mean(),
        "range_22": spread.rolling(22).mean(),
        "change_5": change.rolling(5).mean(),
        "change_22": change.rolling(22).std(),
        "above_mean_50": 100 * (log.Close - log.Close.rolling(50).mean()),
    }
    table = pandas.DataFrame(columns).dropna().round(4)
    assert table.shape[1] == FEATURES
    return table


def split(days, scaler, first, end):
    """The windows before each day from `first` to before `end`, and the first feature of that day, all scaled."""
    X, y = [], []
    for table in days.values():
        scaled = scaler.transform(table.to_numpy()).astype("float32")
        at = [i for i in range(STEPS, len(table)) if first <= str(table.index[i]) < end]
        X += [scaled[i - STEPS : i] for i in at]
        y += [scaled[i, 0] for i in at]
    return torch.tensor(numpy.stack(X)), torch.tensor(numpy.array(y))


def fit(network, X, y):
    optimizer = torch.optim.AdamW(network.parameters(), lr=5e-3)
    for _ in range(EPOCHS):
        for at in torch.randperm(len(X)).split(BATCH):
            optimizer.zero_grad()
            torch.nn.functional.mse_loss(network(X[at]), y[at]).backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
    return network.eval()


def errors(network, scaler, X, y):
    """By how much the logarithm of the range was above what was predicted; R²."""
    with torch.no_grad():
        residuals = (y - network(X)).numpy() * scaler.scale_[0]
    actual = y.numpy() * scaler.scale_[0]
    return residuals, 1 - residuals.var() / actual.var() - residuals.mean() ** 2 / actual.var()


def requests(days):
    window = lambda ticker, before: days[ticker][:before].iloc[-STEPS - 1 : -1].to_numpy()
    quiet, storm = window("^GSPC", "2017-10-20"), window("^IXIC", "2018-02-09")
    zeros = [0] * (STEPS * FEATURES)
    wrong = [
        zeros[1:],
        [*zeros, 0],
        [*zeros[1:], "x"],
        [*zeros[1:], None],
        [*zeros[1:], True],
        [[0] * STEPS] * FEATURES,
        [*[[0] * FEATURES] * (STEPS - 1), [0] * (FEATURES - 1)],
        [*[[0] * FEATURES] * (STEPS - 1), 0],
        [[[0] * FEATURES] * STEPS],
        [],
        "600 numbers",
        None,
    ]
    return [
        {"ticker": "^GSPC", "features": quiet.ravel().tolist()},
        {"ticker": "^GSPC", "features": quiet.tolist()},
        {"ticker": "^IXIC", "features": storm.tolist()},
        {"ticker": "none", "features": zeros},
        *({"ticker": "^GSPC", "features": it} for it in wrong),
        {"ticker": "^GSPC"},
    ]


if __name__ == "__main__":
    main()
