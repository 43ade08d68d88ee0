"""Writes the tables of this folder, as pandas and pyarrow write them, and what Python predicts for each.

    python fixtures/environments.py formats-1
    ~/.cache/pythia/venvs/formats-1/bin/python crates/cli/tests/formats/make.py

Rows are the first of examples/flights/data.csv, the models are that example's.
    flights.jsonl       pandas.DataFrame.to_json(orient="records", lines=True)
    loose.jsonl         the same by json.dumps, with gaps left out, keys in another order, lists, texts with escapes
    typed.parquet       columns of many types besides the features, three row groups
    NAME-CODEC.parquet  the features alone, one file a compression
    single.parquet      float32 features
    expected.csv        Python's answers for the rows as pandas reads flights.jsonl, loose.jsonl and typed.parquet (all the same)
    *.want.*            what pandas writes of a table in another format, with the answers
"""

import decimal
import json
import pathlib
import pickle

import numpy
import pandas
import pyarrow
import pyarrow.parquet

HERE = pathlib.Path(__file__).resolve().parent
FLIGHTS = HERE.parents[3] / "examples" / "flights"
N_ROWS = 60


def main():
    data = pandas.read_csv(FLIGHTS / "data.csv").head(N_ROWS)
    features = json.loads((FLIGHTS / "event.json").read_text())["feature_columns"]
    models = {name: pickle.loads((FLIGHTS / f"{name}.pkl").read_bytes()) for name in ["model", "air_time"]}

    def answers(table):
        probabilities = models["model"].predict_proba(table[features])
        return pandas.DataFrame(
            {
                "arrival": models["model"].predict(table[features]),
                "arrival_late": probabilities[:, 0],
                "arrival_punctual": probabilities[:, 1],
                "air_minutes": models["air_time"].predict(table[features]),
            }
        )

    expected = answers(data)
    expected.to_csv(HERE / "expected.csv", index=False)

    data.to_json(HERE / "flights.jsonl", orient="records", lines=True)
    (HERE / "loose.jsonl").write_text("".join(loose(row) for row in json_rows(data)), encoding="utf-8")
    for name in ["flights.jsonl", "loose.jsonl"]:
        same(answers(pandas.read_json(HERE / name, orient="records", lines=True, precise_float=True, convert_dates=False)), expected)

    write_parquet(data)
    same(answers(pandas.read_parquet(HERE / "typed.parquet")), expected)
    write_codecs(data[features])

    crossed = data.assign(arrival=expected["arrival"], air_minutes=expected["air_minutes"])
    crossed.to_csv(HERE / "flights.want.csv", index=False)
    crossed.to_parquet(HERE / "flights.want.parquet", index=False)
    pandas.read_parquet(HERE / "flights.want.parquet").to_csv(HERE / "parquet.want.csv", index=False)


def same(found, expected):
    pandas.testing.assert_frame_equal(found, expected, check_exact=True, check_dtype=False)


def json_rows(data):
    return json.loads(data.to_json(orient="records"))


def loose(row):
    """A line as other programs write it."""
    row = {key: value for key, value in row.items() if value is not None or row["flight"] % 2}
    row = dict(sorted(row.items(), reverse=row["flight"] % 3 == 0))
    row["tags"] = [{"n": row["flight"]}, "a \"quoted\" tag, é"]
    return json.dumps(row, ensure_ascii=row["flight"] % 2 == 0) + ("\r\n" if row["flight"] % 5 == 0 else "\n")


def write_parquet(data):
    days = pandas.to_datetime(data["date"])
    table = data.assign(
        date=days.dt.tz_localize("America/New_York"),
        tailnum=data["tailnum"].astype("category"),
        arr_delay=data["arr_delay"].astype("Int64"),
        day=days.dt.date,
        price=[decimal.Decimal(int(it)) / 100 for it in data["flight"]],
        tags=[[1, None, int(it)] for it in data["flight"]],
        late=(data["arr_delay"] >= 15),
        small=data["hour"].astype("int8"),
        single=data["temp"].astype("float32"),
    )
    arrow = pyarrow.Table.from_pandas(table)
    arrow = arrow.replace_schema_metadata({**arrow.schema.metadata, b"origin": b"New York"})
    pyarrow.parquet.write_table(arrow, HERE / "typed.parquet", row_group_size=25)


def write_codecs(features):
    for codec in ["none", "snappy", "gzip", "zstd", "lz4"]:
        features.head(30).to_parquet(
            HERE / f"features-{codec}.parquet",
            compression=None if codec == "none" else codec,
            use_dictionary=codec in ("snappy", "zstd"),
            data_page_version="2.0" if codec in ("zstd", "gzip") else "1.0",
            index=False,
        )
    numpy.seterr(all="raise")


if __name__ == "__main__":
    main()
