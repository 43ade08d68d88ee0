"""Makes the tables of this folder's bundle, as pandas writes and pickles them, and what pandas answers to requests.json.

    python fixtures/environments.py formats-1
    ~/.cache/pythia/venvs/formats-1/bin/python crates/cli/tests/bundle/make.py

The numbers are made up; islands and species are those of palmerpenguins (CC0).
"""

import collections
import json
import pathlib
import pickle

import numpy
import pandas

HERE = pathlib.Path(__file__).parent
ISLANDS = ["Biscoe", "Dream", "Torgersen"]

FRAME = pandas.DataFrame(
    {"island": ISLANDS, "area": [5.25, None, 1e-05], "nests": [120, 7, 0], "is_open": [True, False, True]}, index=[7, 3, 5]
)
SERIES = pandas.Series([44, 56], index=pandas.Index(["Biscoe", "Dream"], name="island"), name="visits")
PAIRS = pandas.Series(
    [1.5, 2.5, 3.5], index=pandas.MultiIndex.from_tuples([("Biscoe", 2007), ("Biscoe", 2008), ("Dream", 2007)], names=["island", "year"])
)
CODES = {"Biscoe": "007", "Torgersen": "1e3"}
COUNTER = collections.Counter([2007, 2007, 2008])
# The levels of an index that have names are columns.
LEVELS = pandas.DataFrame({"n": [7, 9]}, pandas.MultiIndex.from_tuples([("Biscoe", 1, 2007), ("Dream", 2, 2008)], names=["island", None, "year"]))
# What no table of a bundle may hold; `small` may.
TIMES = pandas.to_datetime(["2020-01-01", "2020-01-02"])
REFUSED = {
    "zoned": pandas.DataFrame({"n": [1, 2], "seen": TIMES.tz_localize("UTC")}),
    "periods": pandas.DataFrame({"n": [1, 2], "month": TIMES.to_period("M")}),
    "times": pandas.DataFrame({"n": [1, 2], "seen": TIMES}),
    "large": pandas.DataFrame({"n": numpy.array([1, 2**63], "uint64")}),
    "small": pandas.DataFrame({"n": numpy.array([1, 2**63 - 1], "uint64")}),
}
WEATHER = pandas.DataFrame({"island": ["Dream", "Biscoe"], "degrees": [-3.5, 0.1], "days": pandas.array([None, 12], "Int64")})
NOTES = [{"island": "Biscoe", "note": "a \"quote\", a comma"}, {"island": "Dream", "note": "Zürich", "stars": 3}, {"island": "Torgersen"}]


def answer(record):
    island, year = record["island"], record["year"]
    frame = FRAME[FRAME.island == island].to_dict("records")
    weather = WEATHER.astype(object)[WEATHER.island == island].to_dict("records")
    note = next((it for it in NOTES if it["island"] == island), {})
    first = lambda rows, name: clean(rows[0][name]) if rows else None
    return {
        "island": island,
        "area": first(frame, "area"),
        "nests": first(frame, "nests"),
        "is_open": None if not frame else int(frame[0]["is_open"]),
        "visits": clean(SERIES.get(island)),
        "pair": clean(PAIRS.get((island, int(year)))),
        "code": CODES.get(island),
        "rows_of_year": clean(COUNTER.get(int(year))),
        "degrees": first(weather, "degrees"),
        "days": first(weather, "days"),
        "note": note.get("note"),
        "stars": note.get("stars"),
    }


def clean(value):
    """JSON's value of pandas'."""
    if value is None or pandas.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value


def main():
    for name, table in {"frame": FRAME, "series": SERIES, "pairs": PAIRS, "codes": CODES, "counter": COUNTER, "levels": LEVELS, **REFUSED}.items():
        (HERE / f"{name}.pkl").write_bytes(pickle.dumps(table))
    WEATHER.to_parquet(HERE / "weather.parquet", index=False)
    (HERE / "notes.jsonl").write_text("".join(json.dumps(it) + "\n" for it in NOTES))
    requests = [{"island": island, "year": year} for island in [*ISLANDS, "Atlantis"] for year in [2007, "2008", 1999]]
    (HERE / "requests.json").write_text(json.dumps({"records": requests}) + "\n")
    text = ",\n".join(json.dumps(answer(it)) for it in requests)
    (HERE / "expected.json").write_text(f"[\n{text}\n]\n")


if __name__ == "__main__":
    main()
