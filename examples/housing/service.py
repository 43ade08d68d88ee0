"""The service as it runs in Python: pandas, category_encoders and scikit-learn. Answers requests.json as expected.json has it.

    python service.py            writes expected.json
"""

import json
import pathlib
import pickle

import pandas

HERE = pathlib.Path(__file__).resolve().parent
MODEL, COUNTS, ENCODER = (
    pickle.loads((HERE / name).read_bytes()) for name in ["model.pkl", "freq_encoder.pkl", "target_encoder.pkl"]
)
FEATURES = [it for it in pandas.read_csv(HERE / "train_features.csv", nrows=0).columns if it != "price"]
RAW = ["date", "zipcode", "city_full"]


def answer(payload):
    if isinstance(payload, dict):
        records = payload["records"] if "records" in payload else [payload]
    elif isinstance(payload, list):
        records = payload
    else:
        return {"error": "Payload must be a JSON object or array"}
    if not records:
        return {"error": "No records provided in payload"}
    given = pandas.DataFrame(records)
    made = given.copy()
    if "date" in made:
        when = pandas.to_datetime(made["date"]).dt
        made["year"], made["quarter"], made["month"] = when.year, when.quarter, when.month
    if "zipcode" in made:
        made["zipcode_freq"] = made["zipcode"].map(COUNTS).fillna(0)
    if "city_full" in made:
        made["city_full_encoded"] = ENCODER.transform(made[["city_full"]])["city_full"]
    features = made.drop(columns=RAW, errors="ignore").reindex(columns=FEATURES, fill_value=0)
    predictions = MODEL.predict(features).tolist()
    response = {"predictions": predictions, "count": len(predictions)}
    if "price" in given:
        # As they came: pandas makes floats of whole numbers beside one that is missing.
        response["actuals"] = [it.get("price") for it in records]
    known = [*FEATURES, *RAW, "price"]
    warnings = [f"{it} is no feature of the model and was not used" for it in given if it not in known]
    warnings += [f"{it} is absent and was taken as 0" for it in FEATURES if it not in made]
    if warnings:
        response["warnings"] = warnings
    return response


def main():
    requests = json.loads((HERE / "requests.json").read_text())
    text = ",\n".join(json.dumps(answer(it)) for it in requests)
    (HERE / "expected.json").write_text(f"[\n{text}\n]\n")


if __name__ == "__main__":
    main()
