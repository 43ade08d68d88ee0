# -*- coding: utf-8 -*-
"""Writes the pickles of one environment into the folder given ("thorough": in every protocol), and want.json. Runs on Python 2.7 and 3.6 to 3.13.

want.json maps a file to a description of what is in it, made by Python from the objects themselves:

    None, True, "text"                 as in JSON; text from Python 2 is Latin-1
    {"int": "0x1"} {"float": the 64 bits in hex} {"bytes": "00ff"}
    {"list": [...]} {"tuple": [...]} {"set": [...sorted]} {"dict": [[key, value], ...]}
    {"array": "<f8", "shape": [2], "hex": ...}          elements in C order, in the array's own byte order
    {"array": "|O", "shape": [2], "values": [...]}
    {"dtype": "<f8"}
    {"index": ..., "name": ...} {"series": ..., "index": ..., "name": ...} {"frame": [...], "columns": ..., "index": ...}
    {"sparse": "csr", "shape": [...], "data": ..., "indices": ..., "indptr": ...}
    {"class": "module.Name"} {"object": "module.Name"}  the latter for what stays inert
    {"again": n}                                        the n-th list, dict, set or object met, once more
"""
import binascii
import collections
import datetime
import json
import os
import pickle
import struct
import sys

import joblib
import numpy as np
import pandas as pd

try:
    import scipy.sparse as sparse
except ImportError:
    sparse = None

PY2 = sys.version_info[0] == 2
WANT = {}


class Point(object):
    """An object of a class nobody knows."""

    def __init__(self, x):
        self.x = x


Point.__module__ = "shapes"


def hexed(data):
    return binascii.hexlify(data).decode("ascii")


def type_string(dtype):
    """numpy's own, with "<" and not "|" or "=" for little-endian; fields by name and place."""
    if dtype.names is None:
        return dtype.str.replace("|", "<").replace("=", "<")
    parts = []
    for name in dtype.names:
        base, offset = dtype.fields[name][:2]
        shape = "".join("[%d]" % n for n in base.shape)
        parts.append("%s@%d:%s%s" % (name, offset, type_string(base.base), shape))
    return "{%s}%d" % (",".join(parts), dtype.itemsize)


def array(it):
    # A record array says so in its dtype, which is the same otherwise.
    if it.dtype.hasobject:
        return {"array": "<O", "shape": list(it.shape), "values": [describe(x) for x in it.ravel("C").tolist()]}
    return {"array": type_string(it.dtype), "shape": list(it.shape), "hex": hexed(np.ascontiguousarray(it).tobytes())}


def values(it):
    """A column or an index as numpy has it; what is missing is None but for NaN."""
    if isinstance(it, pd.MultiIndex):
        return {"list": [{"tuple": [describe(x) for x in row]} for row in it]}
    if hasattr(getattr(it, "array", None), "_mask"):
        data, mask = it.array._data, it.array._mask
        out = [None if masked else describe(x) for x, masked in zip(data.tolist(), mask)]
        return {"array": "<O", "shape": list(data.shape), "values": out} if mask.any() else array(data)
    plain = np.asarray(it)
    if plain.dtype != object:
        return array(plain)
    missing = getattr(pd, "NA", None)
    out = [None if missing is not None and x is missing else describe(x) for x in plain]
    return {"array": "<O", "shape": list(plain.shape), "values": out}


def index(it):
    name = {"list": [describe(x) for x in it.names]} if isinstance(it, pd.MultiIndex) else describe(it.name)
    return {"index": values(it), "name": name}


def describe(it, seen=None):
    if it is None or isinstance(it, bool):
        return it
    if isinstance(it, np.ma.MaskedArray):
        return {"object": "numpy.ma.core._mareconstruct"}
    if isinstance(it, (np.ndarray, np.generic)) and not isinstance(it, (np.str_, np.bytes_)):
        return array(np.asarray(it))
    if isinstance(it, int) or (PY2 and isinstance(it, long)):  # noqa: F821
        return {"int": hex(it).rstrip("L")}
    if isinstance(it, float):
        return {"float": "nan" if it != it else hexed(struct.pack(">d", it))}
    if isinstance(it, complex):
        return array(np.array(it))
    if isinstance(it, (bytes, bytearray)):
        if PY2 and isinstance(it, bytes) and not isinstance(it, np.bytes_):
            return it.decode("latin1")
        return {"bytes": hexed(bytes(it))}
    if isinstance(it, str) or (PY2 and isinstance(it, unicode)):  # noqa: F821
        return str(it) if not PY2 else it
    if isinstance(it, np.dtype):
        return {"dtype": type_string(it)}
    if isinstance(it, pd.Index):
        return index(it)
    if isinstance(it, pd.Series):
        return {"series": values(it), "index": index(it.index), "name": describe(it.name)}
    if isinstance(it, pd.DataFrame):
        columns = [values(it.iloc[:, at]) for at in range(it.shape[1])]
        return {"frame": columns, "columns": index(it.columns), "index": index(it.index)}
    if sparse is not None and sparse.issparse(it):
        return sparse_matrix(it)
    if isinstance(it, type):
        return {"class": it.__module__.replace("__builtin__", "builtins") + "." + it.__name__}
    seen = {} if seen is None else seen
    if isinstance(it, tuple):
        return {"tuple": [describe(x, seen) for x in it]}
    if id(it) in seen:
        return {"again": seen[id(it)]}
    seen[id(it)] = len(seen)
    if isinstance(it, (dict, collections.OrderedDict)) and not isinstance(it, collections.defaultdict):
        return {"dict": [[describe(k, seen), describe(v, seen)] for k, v in it.items()]}
    if isinstance(it, (set, frozenset)):
        return {"set": sorted((describe(x, seen) for x in it), key=lambda x: json.dumps(x, sort_keys=True))}
    if isinstance(it, list):
        return {"list": [describe(x, seen) for x in it]}
    name = type(it).__module__.replace("__builtin__", "builtins") + "." + type(it).__name__
    return {"object": name}


def sparse_matrix(it):
    if it.format == "coo":
        indices, indptr = array(it.col), array(it.row)
    elif it.format == "dia":
        indices, indptr = array(it.offsets), None
    else:
        indices, indptr = array(it.indices), array(it.indptr)
    return {"sparse": it.format, "shape": list(it.shape), "data": array(it.data), "indices": indices, "indptr": indptr}


def python_objects():
    shared = [1, 2]
    cycle = ["round"]
    cycle.append(cycle)
    self_key = {}
    self_key["self"] = self_key
    ordered = collections.OrderedDict([("z", 1), ("a", 2)])
    default = collections.defaultdict(list)
    default["k"].append(1)
    point = Point(3)
    point.again = point
    integers = [0, 1, -1, 255, 256, 65535, 65536, -129, 2 ** 31 - 1, -2 ** 31, 2 ** 31, 2 ** 63 - 1, -2 ** 63, 2 ** 63, 2 ** 64]
    return [
        None, True, False, integers + [-2 ** 64 - 1, 10 ** 40, -10 ** 40, 1 << 2100],
        [0.0, -0.0, 1.5, 1e308, 5e-324, float("inf"), -float("inf"), float("nan")],
        [u"", u"plain", u"caf\xe9 \u20ac \U0001f600", u"line\nbreak \\u0041 \\", u"x" * 257],
        [b"", b"plain", b"\x00\xff\n'\"\\", b"y" * 257, bytearray(b"\x01\x02\xfe"), bytearray()],
        [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)], {u"a": 1, 2: (3,), (4, 5): None}, {},
        set([1, u"a"]), frozenset([2, 3]), set(), ordered, default, shared, shared, cycle, self_key, point,
        [1 + 2j, complex(float("inf"), -0.0)], slice(1, None, 2), datetime.datetime(2020, 2, 29, 1, 2, 3, 4),
        [np.float64, float, int, object, np.ndarray], list(range(1002)),
    ]


def arrays():
    grid = np.arange(24.0).reshape(2, 3, 4)
    record = np.dtype([("left", "<i4"), ("right", "<i4"), ("value", "<f8"), ("flag", "u1")], align=True)
    # Zeros first: what lies between the fields would be anything.
    records = np.zeros(2, dtype=record)
    records["left"], records["right"], records["value"], records["flag"] = [1, 2], [-1, -2], [0.5, 1.5], [1, 0]
    nested = np.dtype([("pair", [("a", "<u2"), ("b", ">f4")]), ("grid", "<i2", (2, 3)), ("name", "S3")])
    objects = np.empty((2, 2), dtype=object)
    objects[:] = [["a", None], [1.5, ("t",)]]
    named = {
        "strided": grid[:, ::2, 1:3], "fortran": np.asfortranarray(grid[0]), "c": grid[0], "cube_fortran": np.asfortranarray(grid),
        "scalar": np.array(2.5), "empty": np.zeros((0, 3)), "objects": objects, "objects_fortran": np.asfortranarray(objects),
        "objects_empty": np.empty((0,), dtype=object), "text": np.array(["a", u"\u20ac\U0001f600", ""]), "bytes": np.array([b"ab", b"c\xff"]),
        "records": records, "nested": np.zeros(2, dtype=nested),
        "dates": np.array(["2020-01-01", "NaT"], dtype="M8[ns]"), "days": np.array(["2020-01-01"], dtype="M8[D]"),
        "steps": np.array([1, 2], dtype="m8[25s]"), "matrix": np.matrix([[1, 2], [3, 4]]), "big_endian": np.array([1, 2], ">i4"),
        "big_floats": np.array([1.5, 2.5], ">f8"), "void": np.array([b"abc"], dtype="V3"), "halves": np.array([0.5, 1], "f2"),
        "shared": [grid[0], grid[0]], "records_array": np.rec.array([(1, 2.5)], names="a,b"), 
        "masked": np.ma.MaskedArray([1, 2], mask=[0, 1]), "long": np.zeros((1,) * 20), "high": np.arange(120, 136, dtype="u1"),
    }
    for code in ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8", "c8", "c16"]:
        named[code] = np.array([0, 1, 100]).astype(code)
    scalars = [np.float64(1.5), np.float32(0.1), np.int64(-3), np.uint8(255), np.bool_(True), np.str_("text"), np.bytes_(b"by\x00te")]
    scalars += [np.datetime64("2020-01-01T00:00:00", "s"), np.timedelta64(3, "D"), np.complex64(1j), named["records"][0], np.float64("nan")]
    dtypes = [np.dtype(x) for x in ["f8", ">i4", "O", "U7", "S3", "M8[25us]", "?"]] + [record, nested]
    return {"arrays": sorted(named.items()), "scalars": scalars, "dtypes": dtypes}


def pandas_objects():
    words = pd.Series([1.5, np.nan], index=["a", "b"], name="n")
    frame = pd.DataFrame({"x": [1.0, 2.0], "s": ["p", "q"], "y": [3.0, 4.0], "i": [1, 2], "b": [True, False]}, columns=list("xsyib"))
    column = pd.DataFrame(np.asfortranarray(np.arange(6.0).reshape(3, 2)))
    pairs = pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["k", "l"])
    yield "series", words
    yield "range", pd.Series([1, 2, 3])
    yield "int_index", pd.Series([1, 2], index=[7, 5])
    yield "objects", pd.Series(["a", None, 1.5], dtype=object)
    yield "frame", frame
    yield "frame_mixed", frame[["b", "y", "s"]]
    yield "frame_alternating", frame[["x", "s", "y"]].copy()
    yield "frame_column", column
    yield "frame_transposed", column.T
    yield "frame_rows", frame.iloc[1:]
    yield "frame_empty", pd.DataFrame()
    yield "categories", pd.Series(pd.Categorical(["u", None, "v", "u"]))
    yield "categories_int", pd.Series(pd.Categorical([3, 1, 3]))
    yield "categories_float", pd.Series(pd.Categorical([3.5, None]))
    yield "dates", pd.Series(pd.to_datetime(["2020-01-01", None]))
    yield "zoned", pd.Series(pd.to_datetime(["2020-01-01"]).tz_localize("UTC"))
    yield "date_index", pd.Series([1, 2], index=pd.date_range("2020-01-01", periods=2))
    yield "deltas", pd.Series(pd.to_timedelta([1, 2], unit="s"))
    yield "multi", pd.Series([1.0, 2.0], index=pairs)
    yield "multi_columns", pd.DataFrame([[1, 2]], columns=pairs)
    yield "ints_missing", pd.Series([1, None, 3], dtype="Int64")
    yield "ints_present", pd.Series([1, 2], dtype="Int64")
    yield "index", pd.Index([3, 1, 2], name="q")
    yield "index_text", pd.Index(["a", "b"])
    yield "index_float", pd.Index([0.5, 1.5])
    yield "index_range", pd.RangeIndex(10, 0, -3)
    yield "index_categories", pd.CategoricalIndex(["a", "b", "a"])
    yield "intervals", pd.IntervalIndex.from_breaks([0, 1, 2])
    yield "periods", pd.period_range("2020-01", periods=2, freq="M")
    if hasattr(pd, "StringDtype"):
        yield "strings", pd.Series(["a", None, u"\u20ac"], dtype="string")
        yield "booleans", pd.Series([True, None], dtype="boolean")
    if "arrow" in os.environ.get("PYTHONPATH", ""):
        yield "arrow", pd.Series(["a", None, u"\u20ac", ""] * 3, dtype="string[pyarrow]")
        yield "arrow_part", pd.Series(["a", None, u"\u20ac", "", "abc"] * 3, dtype="string[pyarrow]").iloc[3:9]


def sparse_matrices():
    dense = np.array([[1.0, 0, 2], [0, 0, 3]])
    for name in ["csr", "csc", "coo", "dia"]:
        for kind in ["matrix", "array"]:
            if hasattr(sparse, name + "_" + kind):
                yield name + "_" + kind, getattr(sparse, name + "_" + kind)(dense)


def write(folder, name, what, protocol):
    with open(os.path.join(folder, name), "wb") as file:
        pickle.dump(what, file, protocol=protocol)
    WANT[name] = describe(what)


def inert(name, it):
    """What stays an object is told by its class alone, as the file spells it."""
    return {"object": None} if name in ("zoned", "intervals", "periods") else describe(it)


def main(folder, thorough):
    module = type(sys)("shapes")
    module.Point = Point
    sys.modules["shapes"] = module
    highest = pickle.HIGHEST_PROTOCOL
    for protocol in range(highest + 1) if thorough else (2, highest):
        write(folder, "python-%d.pkl" % protocol, python_objects(), protocol)
        write(folder, "arrays-%d.pkl" % protocol, arrays(), protocol)
    for protocol in (2, highest):
        objects = dict(pandas_objects())
        name = "pandas-%d.pkl" % protocol
        write(folder, name, objects, protocol)
        WANT[name] = {"dict": [[key, inert(key, it)] for key, it in objects.items()]}
        if sparse is not None:
            write(folder, "sparse-%d.pkl" % protocol, dict(sparse_matrices()), protocol)
    write_joblib(folder, thorough)
    with open(os.path.join(folder, "want.json"), "wb") as file:
        file.write(json.dumps(WANT, sort_keys=True).encode("ascii"))


def write_joblib(folder, thorough):
    named = dict(arrays()["arrays"])
    del named["masked"], named["shared"]
    some = {"first": named, "second": [named["c"], "text", {"deep": named["fortran"]}]}
    others = [("gzip", 3), ("bz2", 3), ("lzma", 1), ("xz", 1), ("lz4", 1)]
    for compress in [0, ("zlib", 3)] + (others if thorough else []):
        name = "joblib-%s.joblib" % (compress[0] if compress else "plain")
        path = os.path.join(folder, name)
        try:
            joblib.dump(some, path, compress=compress)
        except (ValueError, NotImplementedError):  # a compression that this Python has not
            if os.path.exists(path):
                os.remove(path)
            continue
        if compress and compress[0] == "gzip":
            still(path)
        WANT[name] = describe(some)


def still(path):
    """gzip writes the time into its header."""
    with open(path, "r+b") as file:
        file.seek(4)
        file.write(b"\0\0\0\0")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] == "thorough")
