"""Encoders as people keep them beside a model: dicts, Series, and objects of classes of their own."""

import collections
import pickle
import sys
import types

import numpy
import pandas
from golden import case, penguins

X, mass = penguins("body_mass_g", count=60)
mass = pandas.Series(mass, index=X.index, name="mass")
island, sex = X["island"], X["sex"]
means = mass.groupby(island).mean()
nan = float("nan")

texts = pandas.DataFrame({"city": ["Dream", "Biscoe", "Torgersen", "dream", "1", nan, "True", "Dream "]})
numbers = pandas.DataFrame({"year": [2007.0, 2008.0, 2008.5, -0.0, nan, 1.0, 1e300, float("inf")]})
integers = pandas.DataFrame({"year": [2007, 2008, 2009, 0, 1, -7]})
truths = pandas.DataFrame({"flag": [True, False, True]})
SOME = ["0.20", "0.21", "0.23", "1.0", "1.3", "1.7", "1.9"]


class MeanEncoder:
    """As a training script defines it."""

    def __init__(self, mapping, global_mean):
        self.mapping = mapping
        self.global_mean = global_mean


class Slotted:
    __slots__ = ("mapping", "global_mean")


# `MeanEncoder` is a class of `__main__`, this one of a module.
encoders = types.ModuleType("my_pkg.encoders")
sys.modules["my_pkg"], sys.modules["my_pkg.encoders"] = types.ModuleType("my_pkg"), encoders
Slotted.__module__ = "my_pkg.encoders"
encoders.Slotted = Slotted


def mapped(table, rows):
    return rows.iloc[:, 0].map(table)


def looked_up(encoder, rows):
    return numpy.array([encoder.mapping.get(value, encoder.global_mean) for value in rows.iloc[:, 0].tolist()])


def got(table, rows):
    return pandas.Series([table.get(key) for key in rows.itertuples(index=False, name=None)])


def joined(table, rows):
    return rows.join(table.rename("found"), on=list(rows.columns))["found"]


def declare(name, table, rows, how=mapped, **options):
    def run():
        return table, rows

    def from_file(model, rows):
        # A NaN of the file's is not the one that the rows hold.
        return how(pickle.loads(pickle.dumps(model)), rows)

    run.__name__ = name
    options.setdefault("versions", ["1.0", "1.9"])
    case(methods=["transform"], calls={"transform": from_file}, **options)(run)


# Dicts.
declare("dict_of_means", means.to_dict(), texts, versions="all")
declare("dict_of_numpy_numbers", dict(means), texts, versions=SOME)
declare("dict_with_nan", {"Dream": 1.5, nan: 0.25, "1": 3.0}, texts, versions=SOME)
declare("dict_of_counts", island.value_counts().to_dict(), texts)
declare("dict_of_texts", {"Dream": "near", "Biscoe": "far", "1": "1"}, texts, versions=SOME)
declare("dict_of_truths", {"Dream": True, "Biscoe": False}, texts)
declare("dict_of_several", {"Dream": "near", "Biscoe": 2, "1": 2.5, "Torgersen": None}, texts)
declare("dict_from_integers", {2007: 1, 2008: 2.5, 0: 7, -7: 9}, integers, versions=SOME)
declare("dict_from_integers_for_floats", {2007: 1, 2008: 2, 0: 7}, numbers)
declare("dict_from_floats", {2008.5: 1.0, 0.0: 2.0, nan: 3.0, float("inf"): 4.0, 1e300: 5.0}, numbers, versions=SOME)
declare("dict_from_truths", {True: 2.5, False: 1.5}, truths, versions=SOME)
declare("dict_from_truths_for_integers", {True: 2.5, False: 1.5}, integers, since="1.0", versions=["1.0", "1.9"])
declare("dict_from_integers_for_truths", {1: 2.5, 0: 1.5}, truths)
declare("dict_as_joblib", means.to_dict(), texts, dump="joblib", compress=3)
declare("dict_ordered", collections.OrderedDict(means), texts)
declare("dict_empty_of_matches", {"Sumatra": 1}, texts)
pairs = pandas.DataFrame({"city": ["Dream", "Biscoe", "Dream", nan], "year": [2007, 2008, 2009, 2007]})
declare("dict_from_pairs", {("Dream", 2007): 1.5, ("Biscoe", 2008): 2.5, ("Dream", 2010): 3.5}, pairs, got)

# What counts.
declare("counter", collections.Counter(island), texts, versions=SOME)
declare("counter_with_nan", collections.Counter(sex), texts)
declare("defaultdict", collections.defaultdict(float, means.to_dict()), texts)
declare("defaultdict_of_integers", collections.defaultdict(int, {2007: 3, 0: 4}), integers)

# Series.
declare("series_of_means", means, texts, versions="all")
declare("series_of_counts", island.value_counts(), texts, versions=SOME)
declare("series_of_counts_with_nan", sex.value_counts(dropna=False), texts.assign(city=["male", "female"] * 3 + [nan, "x"]), versions=SOME)
declare("series_of_integers", X["year"].astype(int).value_counts().rename_axis("year"), integers, versions=SOME)
declare("series_of_floats", X["year"].astype(float).value_counts(), numbers)
declare("series_with_nan", pandas.Series([1.5, 2.5, 3.5], index=[2008.5, nan, 0.0]), numbers, versions=SOME)
declare("series_by_place", pandas.Series([1.5, 2.5, 3.5]), integers, versions=SOME)
declare("series_of_single_precision", means.astype("float32"), texts, versions=SOME)
declare("series_of_small_integers", pandas.Series([1, 2], index=["Dream", "1"], dtype="int8"), texts)
declare("series_of_texts", pandas.Series(["near", None, "far"], index=["Dream", "Biscoe", "1"]), texts, versions=SOME)
declare("series_of_truths", pandas.Series([True, False], index=["Dream", "Biscoe"]), texts)
declare("series_from_categories", mass.groupby(island.astype("category")).mean(), texts, versions=SOME)
declare("series_of_categories", pandas.Series(["near", "far"], index=["Dream", "Biscoe"], dtype="category"), texts)
declare("series_from_truths", pandas.Series([1.5, 2.5], index=[True, False]), truths, versions=SOME)
declare("series_as_joblib", means, texts, dump="joblib")
declare("series_from_pairs", mass.groupby([island.rename("city"), X["year"].astype(int)]).mean(), pairs, joined, versions=SOME)
twice = pandas.Series([1.0, 2.0, 3.0], index=["Dream", "Biscoe", "Dream"])
declare("series_of_labels_twice", twice, None, unsupported=True)
declare("series_from_dates", pandas.Series([1.0], index=pandas.to_datetime(["2020-01-01"])), None, unsupported=True)
if hasattr(pandas, "StringDtype"):
    strings = pandas.Series([1.5, 2.5], index=pandas.Index(["Dream", "Biscoe"], dtype="string")) if pandas.__version__ >= "2" else means
    declare("series_from_strings", strings, texts, versions=["1.3", "1.7", "1.8", "1.9"])

# Objects.
declare("object_of_main", MeanEncoder(means.to_dict(), float(mass.mean())), texts, looked_up, versions="all")
declare("object_with_a_series", MeanEncoder(means, mass.mean()), texts[texts.city.notna()], looked_up, versions=SOME)
declare("object_with_nan", MeanEncoder({"Dream": 1.5, nan: 0.25}, 0.5), texts, looked_up)
declare("object_of_integers", MeanEncoder({"Dream": 1, "Biscoe": 2}, 0), texts, looked_up)
declare("object_from_truths", MeanEncoder({True: 1.5, 0: 2.5}, 0.5), integers, looked_up)
declare("object_from_integers", MeanEncoder({1: 1.5, 0: 2.5}, 0.5), truths, looked_up)
slotted = Slotted()
slotted.mapping, slotted.global_mean = means.to_dict(), numpy.float64(mass.mean())
declare("object_of_a_module", slotted, texts, looked_up, versions=SOME)
declare("object_with_a_list", MeanEncoder([1.5], 0.5), None, unsupported=True)
declare("object_without_a_number", MeanEncoder({"Dream": [1.5]}, 0.5), None, unsupported=True)
