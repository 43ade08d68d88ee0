"""Writes the cases of this folder: small tables, and what pandas makes of each.

    pip install pandas==3.1.1 numpy==2.2.6 zstandard==0.25.0
    python make.py

For `NAME.csv`, `NAME.json` holds `pandas.read_csv` of it: per column its kind and values as numbers
(the bits of the double, null if missing) and as text (`dtype=str`, null if missing), or the error. `random.jsonl`
holds the same of random tables, one a line.
`float64.txt` and `float32.txt` hold numbers as `repr(float)` and `str(numpy.float32)` write them;
`members.csv.*` are compressed in two parts.
"""

import bz2
import gzip
import io
import json
import lzma
import random
import re
import struct
import sys
from pathlib import Path

import numpy
import pandas
import zstandard

HERE = Path(__file__).parent
PARTS = [b"a,b\n1,", b"2\n3,4\n"]
SEPARATORS = {"semicolon": ";", "tab": "\t", "space": " "}

NA_WORDS = ["", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
            "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null"]
NEARLY_NA = ["NAN", "Nan", "na", "Null", "none", "NONE", "+nan", "nan ", " nan", " NA", "NA ", "#n/a", "N/a", "-",
             "--", ".", "?", "missing", "inf.", "#N/A N/A ", "<na>", "NaT", "1.#IN", "-NAN"]
BOOLEANS = ["True", "False", "TRUE", "FALSE", "true", "false", "tRuE", "fALSE", " True", "True ", "T", "yes", "t"]
NUMBERS = [
    "0", "-0", "+0", "-0.0", "1", "+1", "-1", "1.", ".5", "-.5", "+.5", "5.", "1e5", "1E5", "1e+5", "1e-5", "1.e5", ".5e1",
    "00001.5", "002", "1e0005", "0.1e1", " 1", "1 ", "\t1", "1\t", "  1.5  ", "1\x0b", "\x0c1", "1.0e5 ", "inf", "-inf",
    "+inf", "Inf", "INF", "-INF", "+Inf", "infinity", "Infinity", "-Infinity", "+Infinity", "INFINITY", "1e308", "1e309",
    "-1e400", "1e-400", "1e99999999999999999999", "1e-99999999999999999999", "0e99999999999999",
    "1.7976931348623157e308", "1.7976931348623159e308", "2.2250738585072011e-308", "2.2250738585072014e-308",
    "4.9e-324", "3e-324", "2e-324", "9007199254740993", "9007199254740993.0", "9007199254740992.5",
    "0.1000000000000000055511151231257827021181583404541015625", "179769313486231580793e289",
    "18446744073709551615", "9223372036854775807", "-9223372036854775808", "9223372036854775808",
    "0." + "0" * 400 + "1", "1" + "0" * 400 + "e-400", "123456789012345678901234567890.5",
    "0.3333333333333333148", "1.00000000000000011102230246251565404236316680908203125",
    "1.00000000000000011102230246251565404236316680908203124", "1.00000000000000011102230246251565404236316680908203126",
]
NO_NUMBERS = [
    "1e", "1e+", "1e-", "+", "-", ".", "--1", "+-1", "1_000", "0x10", "0b1", "1d5", "1e5.0", " inf", "inf ", "- 1", "+ 1",
    "1 e5", "1e 5", "\u00a01", "1\u00a0", "1f", "1L", "1.5.5", "1e5e5", "infinit", "in", "+infinit", "-in", "e5", ".e5",
    "1..", "1.0e+ 5", "1 2", "$1", "1%", "(1)", "1'000", "\u0661", "\uff11", "1\u2212", "x", "1x", "x1", "12:30", "2020-01-01",
]

CASES = {
    "empty": "", "only_blank_lines": "\n \n\t\r\n", "header_only": "a,b\n", "header_without_end": "a,b",
    "header_and_blank_lines": "a,b\n\n  \n\t",
    "plain": "a,b,c\n1,2.5,x\n3,-4e-3,y\n", "no_final_newline": "a,b\n1,2\n3,4",
    "crlf": "a,b\r\n1,x\r\n2,y\r\n", "cr_only": "a,b\r1,x\r\r2,y\r", "cr_without_end": "a,b\r1,x",
    "mixed_endings": "a,b\r\n1,x\n2,y\r3,z\n\r\n\r4,w", "lf_cr": "a,b\n\r1,x\n\r2,y\n\r",
    "blank_lines": "\n\na,b\n\n1,x\n   \n\t\n2,y\n\n", "blank_last_line": "a,b\n1,x\n  ",
    "leading_spaces": " a, b\n  1,  x\n\t2,\ty\n   ,z\n", "space_cells": "a,b\n , \n1, \n",
    "quoted_after_space": 'a,b\n1, "x"\n  "2",y\n',
    "byte_order_mark": "\ufeffa,b\n1,2\n", "byte_order_mark_quoted": '\ufeff"a, b",c\n1,2\n',
    "byte_order_mark_blank": "\ufeff\na,b\n1,2\n", "byte_order_mark_later": "a,b\n1,2\n\ufeff3,4\n",
    "utf16": b"\xff\xfea\x00,\x00b\x00\n\x00",
    "quotes": 'a,b\n"1","x"\n"2.5","y, z"\n"-3","say ""hi"""\n"","""\"\n',
    "quoted_line_breaks": 'a,b,c\n1,"x\ny",p\n2,"\r\n\n",q\n3,"a\rb","c\nd"\n4,"""\n""",r\n',
    "quote_inside": 'a,b\n5" pipe,x"y\n6"",""z\n7,"a"b"c"\n8,"a" "b"\n9,"a" \n', "quote_then_number": 'a,b\n"1"2,"1"\n"3".5," 4 "\n',
    "quoted_blank": 'a\n""\n" "\n1\n"\n"\n', "quoted_header": '"a,1","b ""q""","c\nd"\n1,2,3\n',
    "quote_in_header": 'a"b,c"\n1,2\n',
    "quoted_missing": 'a,b\n"NA","NULL"\n"","nan"\n', "quoted_delimiter_only": 'a,b\n",",","\n',
    "unclosed_quote": 'a,b\n1,x\n2,"y\n3,z\n', "unclosed_quote_last": 'a,b\n1,x\n2,"', "unclosed_quote_first": 'a,b\n"1,x\n',
    "unclosed_quote_header": 'a,"b\n1,2\n', "unclosed_doubled": 'a,b\n1,"x""\n',
    "short_rows": "a,b,c\n1\n2,x\n3,y,1.5\n,,\n4,\n", "short_first_row": "a,b,c\n1\n2,x,3\n", "one_column": "a\n1\n\n2\n \n3",
    "long_row": "a,b\n1,2\n3,4,5\n6,7\n", "long_row_far": "a,b\n" + "1,2\n" * 40 + "3,4,5,,\n",
    "long_row_after_blank": "a,b\n1,2\n\n\r\n3,4,5\n", "long_row_empty_field": "a,b\n1,2\n3,4,\n",
    "trailing_delimiter": "a,b\n1,2,\n3,4,\n", "first_row_long": "a,b\n1,2,3\n4,5\n", "first_row_much_longer": "a\n1,2,3\n",
    "trailing_delimiter_in_header": "a,b,\n1,2,\n3,4,\n",
    "duplicate_names": "x,x,x\n1,2,3\n", "duplicate_taken": "a,a,a.1,a\n1,2,3,4\n", "duplicate_taken_before": "a.1,a,a\n1,2,3\n",
    "duplicate_of_duplicate": "a,a,a.1,a.1,a.1.1\n1,2,3,4,5\n", "empty_names": "a,,b,\n1,2,3,4\n", "empty_quoted_name": '"",b\n1,2\n',
    "empty_names_taken": ",,Unnamed: 0,Unnamed: 1\n1,2,3,4\n", "only_empty_names": ",\n1,2\n",
    "names_with_case": "a,A, a,a \n1,2,3,4\n", "numeric_names": "1,1,2.0\n1,2,3\n",
    "na_words": "w,n\n" + "".join(f"{w},{i}\n" for i, w in enumerate(NA_WORDS)),
    "na_words_alone": "n,w\n" + "".join(f"{i},{w}\n" for i, w in enumerate(NA_WORDS)),
    "leading_zeros": "zip,n\n02139,002\n10001,010\n00501,0\n", "integers_with_missing": "a\n1\nNA\n3\n",
    "booleans": "a,b,c\nTrue,true,FALSE\nFalse,TRUE,false\n", "booleans_with_missing": "a,b\nTrue,1\n,2\nFalse,3\n",
    "booleans_and_numbers": "a,b\nTrue,1\n1,True\n", "booleans_and_text": "a\nTrue\nx\n", "booleans_quoted": 'a\n"True"\nFalse\n',
    "booleans_late": "a,b\n" + "1,x\n" * 30 + "True,x\n",
    "numbers_and_text": "a,b\n1,x\n2,y\nz,3\n", "text_late": "a,b\n" + "1.5,2\n" * 30 + "1.5x,2\n",
    "text_kept": "a,b\n1e-7,1E5\n+1,1.50\n 7 ,0x1F\n", "utf8": "größe,名前\n1,ä€😀\n2,\u00a0\n",
    "not_utf8": b"a,b\n1,x\n2,\xff\n", "not_utf8_header": b"a,\xff\n1,2\n", "cut_character": b"a,b\n\xc3,x\n\xa9,y\n",
    "control_bytes": "a,b\n\x01\x1f,\x1a\n\t,\x0b\x0c\n", "wide": ",".join(f"c{i}" for i in range(70)) + "\n" + ",".join(map(str, range(70))) + "\n",
    "long_cells": "a,b\n" + "x" * 5000 + "," + "1" * 15 + "\n" + '"' + "y\n" * 900 + '",2\n',
    "semicolon": "a;b\n1,5;x\n2;'y;z\n", "tab": "a\tb\n \tx\n \t \n\t\n1\t2\n", "space": "a b\n1 2\n3 4\n",
    "many_rows": "i,x,t\n" + "".join(f"{i},{i / 7!r},{'text ' * (i % 5)}\n" for i in range(300)),
}


def spread(tokens):
    """One column a token, so that pandas decides on each alone."""
    quoted = ['"' + token.replace('"', '""') + '"' for token in tokens]
    return ",".join(f"c{i}" for i in range(len(tokens))) + "\n" + ",".join(quoted) + "\n"


def bare(tokens):
    return "first," + ",".join(f"c{i}" for i in range(len(tokens))) + "\n0," + ",".join(tokens) + "\n"


def random_number(source):
    form = source.randrange(6)
    if form == 0:
        return repr(random_double(source))
    if form == 1:
        return "%.17g" % source.uniform(-1, 1)
    if form == 2:
        return "%d.%0*d" % (source.getrandbits(40), source.randint(1, 30), source.getrandbits(60))
    if form == 3:
        return "%de%d" % (source.getrandbits(64), source.randint(-340, 300))
    if form == 4:
        return "%.*f" % (source.randint(0, 6), source.uniform(-1000, 1000))
    return "%d.%de%d" % (source.getrandbits(30), source.getrandbits(20), source.randint(-60, 60))


def random_double(source):
    while True:
        value = struct.unpack("<d", source.randbytes(8))[0]
        if value == value and abs(value) != float("inf"):
            return value


def random_cell(source):
    alphabet = "+-.0123456789eEinfNaTruFls x"
    return "".join(source.choice(alphabet) for _ in range(source.randint(1, 6)))


def random_table(source):
    pieces = ["a", "1", "é", "x y", " ", "\t", '"', '""', '"b', 'c"', '"a,b"', '"\n"', '","', *",,,", *"\n\n\r", "\r\n"]
    while True:
        table = "p,q,r\n" + "".join(source.choice(pieces) for _ in range(source.randint(4, 24)))
        # pandas loses a delimiter right behind a blank line that ends in a lone carriage return
        # (EAT_CRNL_NOP in tokenizer.c), which shifts the row's columns: a bug not to be followed.
        if not re.search(r"[\n\r][ \t]*\r,", table):
            return table


def bits(value):
    return None if value != value else struct.pack(">d", float(value)).hex()


def column(numbers, text):
    if len(numbers) and numbers.dtype in (object, bool):
        kind = "boolean"
    else:
        kind = "number" if numbers.dtype.kind in "iuf" else "text"
    made = {"kind": kind, "text": [None if value != value else value for value in text.tolist()]}
    if kind != "text":
        made["numbers"] = [bits(value) for value in numbers.tolist()]
    return made


def read(data, separator):
    try:
        numbers = pandas.read_csv(io.BytesIO(data), sep=separator, low_memory=False)
        text = pandas.read_csv(io.BytesIO(data), sep=separator, dtype=str)
    except (pandas.errors.ParserError, pandas.errors.EmptyDataError, UnicodeDecodeError) as error:
        return {"error": f"{type(error).__name__}: {error}".strip()}
    if not numbers.index.equals(pandas.RangeIndex(len(numbers))):
        return {"error": "index", "width": numbers.shape[1]}
    columns = [column(numbers.iloc[:, i], text.iloc[:, i]) for i in range(numbers.shape[1])]
    return {"names": list(numbers.columns), "columns": columns}


def write_tables():
    source = random.Random(3)
    cases = dict(CASES)
    cases["grammar"] = spread(NUMBERS + NO_NUMBERS + BOOLEANS + NEARLY_NA + NA_WORDS)
    cases["grammar_bare"] = bare(NUMBERS + NO_NUMBERS + BOOLEANS + NEARLY_NA + NA_WORDS)
    cases["random_cells"] = bare([random_cell(source) for _ in range(1500)])
    cases["random_numbers"] = "n\n" + "\n".join(random_number(source) for _ in range(1500))
    random_tables = [random_table(source) for _ in range(400)]
    for old in [*HERE.glob("*.csv"), *HERE.glob("*.json")]:
        old.unlink()
    for name, table in cases.items():
        data = table if isinstance(table, bytes) else table.encode()
        made = read(data, SEPARATORS.get(name, ","))
        (HERE / f"{name}.csv").write_bytes(data)
        (HERE / f"{name}.json").write_text(json.dumps(made, ensure_ascii=False, separators=(",", ":")) + "\n")
    lines = [json.dumps({"table": table, **read(table.encode(), ",")}, ensure_ascii=False) for table in random_tables]
    (HERE / "random.jsonl").write_text("\n".join(lines) + "\n")


def write_numbers():
    source = random.Random(4)
    edges = [0.0, -0.0, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 1e22, 1e23, 9007199254740993.0, 0.1, 1 / 3]
    edges += [sign * float(f"{digits}e{e}") for e in range(-8, 20) for digits in ("1", "1.5", "9.9999999999999", "1.2345678901234567") for sign in (1, -1)]
    edges += [value for e in (-5, -4, -3, 13, 15, 16, 17) for value in (numpy.nextafter(float(f"1e{e}"), 0), numpy.nextafter(float(f"1e{e}"), 1e99))]
    edges += [float("inf"), float("-inf")]
    doubles = edges + [random_double(source) for _ in range(1500)] + [source.uniform(-1, 1) for _ in range(500)]
    doubles += [source.getrandbits(source.randint(1, 60)) / 2 ** source.randint(0, 20) for _ in range(500)]
    (HERE / "float64.txt").write_text("\n".join(repr(float(value)) for value in doubles) + "\n")
    with numpy.errstate(over="ignore", under="ignore"):
        floats = [numpy.float32(value) for value in edges + doubles[-1000:]]
        floats += [near for value in floats[: len(edges)] for near in (numpy.nextafter(value, numpy.float32(0)), numpy.nextafter(value, numpy.float32(numpy.inf)))]
    floats += [value for value in numpy.frombuffer(source.randbytes(4 * 2500), dtype="<f4") if numpy.isfinite(value)]
    (HERE / "float32.txt").write_text("\n".join(str(value) for value in floats) + "\n")


def write_members():
    gzipped = [gzip.compress(part, mtime=0) for part in PARTS]
    zstd = zstandard.ZstdCompressor()
    (HERE / "members.csv.gz").write_bytes(b"".join(gzipped))
    (HERE / "members.csv.bz2").write_bytes(b"".join(map(bz2.compress, PARTS)))
    (HERE / "members.csv.xz").write_bytes(b"".join(map(lzma.compress, PARTS)))
    (HERE / "members.csv.zst").write_bytes(b"".join(map(zstd.compress, PARTS)))


if __name__ == "__main__":
    if (pandas.__version__, numpy.__version__) != ("3.1.1", "2.2.6"):
        sys.exit("needs pandas 3.1.1 and numpy 2.2.6")
    write_tables()
    write_numbers()
    write_members()
