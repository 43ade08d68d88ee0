"""Compares a predicted table with Python's own predictions, cell for cell.

    python examples/flights/compare.py predictions.csv
"""

import csv
import pathlib
import sys


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with open(sys.argv[1], newline="") as file:
        ours = list(csv.DictReader(file))
    with open(pathlib.Path(__file__).with_name("expected.csv"), newline="") as file:
        theirs = list(csv.DictReader(file))
    columns = [name for name in theirs[0] if name in ours[0]]
    if not columns or len(ours) != len(theirs):
        sys.exit(f"{sys.argv[1]} has {len(ours)} rows and the predictions {columns}; expected {len(theirs)} rows")
    for number, (our, their) in enumerate(zip(ours, theirs), 1):
        for name in columns:
            if our[name] != their[name]:
                sys.exit(f"row {number}, {name}: {our[name]}, Python says {their[name]}")
    print(f"{len(ours)} rows as Python predicts them: {', '.join(columns)}")


if __name__ == "__main__":
    main()
