"""The service as it runs in Python: pandas, joblib and scikit-learn. Answers requests.json as expected.json has it.

    python service.py            writes expected.json
"""

import datetime
import json
import pathlib

import joblib
import pandas

HERE = pathlib.Path(__file__).resolve().parent
BOTH = joblib.load(HERE / "volume.pkl")
RUNTIME = joblib.load(HERE / "runtime.pkl")
CYCLES = ["Cycle1", "Cycle3"]
FIELDS = {"date", "cycle", "start_date", "end_date"}
MOST_DAYS = 366


def actuals():
    """What came, by day and cycle."""
    files = pandas.read_json(HERE / "files.jsonl.gz", lines=True, dtype={"proc_strt_time": str}, convert_dates=False)
    files["date"] = files["fil_creatn_dt"].str[:10]
    files["cycle"] = files["proc_strt_time"].map(lambda it: "Cycle1" if int(it[:2]) < 12 else "Cycle3")
    came = files.groupby(["date", "cycle"])["in_tot_rec_cnt"].agg(["size", "sum"])
    runtimes = pandas.read_csv(HERE / "runtimes.csv").set_index(["PDE date", "Cycle Type"])["Total Runtime"]
    known = {}
    for key in set(came.index) | set(runtimes.index):
        known[key] = {
            "file_count": int(came.loc[key, "size"]) if key in came.index else None,
            "volume": int(came.loc[key, "sum"]) if key in came.index else None,
            "runtime_minutes": float(runtimes[key]) if key in runtimes.index else None,
        }
    return known


ACTUALS = actuals()


def predict(date, cycle):
    day = date.weekday()
    row = {
        "day_of_week": day,
        "month": date.month,
        "is_cycle1": int(cycle == "Cycle1"),
        "is_weekend": int(day >= 5),
        "is_monday": int(day == 0),
        "is_tuesday": int(day == 1),
    }
    frame = pandas.DataFrame([row])
    count = max(1, int(BOTH["file_model"].predict(frame[BOTH["file_features"]])[0]))
    frame["file_count"] = count
    frame["file_count_category"] = 0 if count <= 2 else 1 if count <= 5 else 2 if count <= 10 else 3
    volume = int(BOTH["volume_model"].predict(frame[BOTH["volume_features"]])[0])
    frame["total_records"] = volume
    frame["volume_per_file"] = volume / count
    frame["is_high_volume"] = int(volume > 5_000_000)
    runtime = float(RUNTIME["model"].predict(frame[RUNTIME["features"]])[0])
    return {"file_count": count, "volume": volume, "runtime_minutes": round(runtime, 1)}


def precision(predicted, actual):
    if not actual:
        return None
    return round(max(0.0, 1 - abs(predicted - actual) / actual) * 100, 1)


def result(date, cycle):
    predictions = predict(date, cycle)
    actual = ACTUALS.get((date.isoformat(), cycle), dict.fromkeys(predictions))
    return {
        "date": date.isoformat(),
        "day_name": date.strftime("%A"),
        "cycle": cycle,
        "predictions": predictions,
        "actuals": actual,
        "precision": {name: precision(predictions[name], actual[name]) for name in predictions},
    }


def answer(request, now):
    """None for what is answered with 400."""
    if not FIELDS.issuperset(request):
        return None
    # A form sends an empty text for what is not filled in.
    request = {name: value for name, value in request.items() if value}
    try:
        parse = lambda name: datetime.datetime.strptime(request[name], "%Y-%m-%d").date() if name in request else None
        first, last = parse("start_date"), parse("end_date")
        date = first or parse("date") or now.date()
    except ValueError:
        return None
    last = last or date
    asked = request.get("cycle")
    if asked not in [None, *CYCLES] or last < date or (last - date).days >= MOST_DAYS:
        return None
    results = []
    for offset in range((last - date).days + 1):
        day = date + datetime.timedelta(days=offset)
        for cycle in CYCLES:
            runs = day.weekday() < 5 or (day.weekday() == 5 and cycle == "Cycle1")
            if runs and asked in (None, cycle):
                results.append(result(day, cycle))
    timestamp = now.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return {"date": date.isoformat(), "day_name": date.strftime("%A"), "results": results, "timestamp": timestamp}


def main():
    now = datetime.datetime(2013, 11, 18, 9, 15)
    requests = json.loads((HERE / "requests.json").read_text())
    expected = [answer(it, now) for it in requests]
    text = ",\n".join(json.dumps(it) for it in expected)
    (HERE / "expected.json").write_text(f"[\n{text}\n]\n")


if __name__ == "__main__":
    main()
