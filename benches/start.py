"""Times the start of the packaged Lambda function, and says what it holds in memory while it waits.

    deploy/package.sh && python benches/start.py [--zip dist/pythia-lambda-x86_64.zip] [--repeats 30]

The zip is unpacked as Lambda does, and `bootstrap` started against the runtime API of runtime_api.py. Printed are medians and the
worst: from the start of the process to its first request for an event, and its resident megabytes then. The exit code is 1 if the
median is above 20 ms or any is above 40 MB. Needs Linux and Python 3.11.
"""

import argparse
import os
import pathlib
import platform
import statistics
import sys
import tempfile
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "fixtures"))
from processes import resident_megabytes  # noqa: E402
from runtime_api import running  # noqa: E402

MOST_MILLISECONDS = 20
MOST_MEGABYTES = 40


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    own = "arm64" if platform.machine() == "aarch64" else "x86_64"
    parser.add_argument("--zip", default=str(HERE.parent / f"dist/pythia-lambda-{own}.zip"))
    parser.add_argument("--repeats", type=int, default=30)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(asked.zip) as packed:
            program = packed.extract("bootstrap", folder)
            os.chmod(program, packed.getinfo("bootstrap").external_attr >> 16)
        milliseconds, megabytes = zip(*(started(program) for _ in range(asked.repeats)))
    print(f"{asked.zip}: {os.path.getsize(asked.zip) / 2**20:.2f} MB, {asked.repeats} starts")
    print(f"start to first request for an event: {statistics.median(milliseconds):.1f} ms, at worst {max(milliseconds):.1f} ms")
    print(f"resident then: {statistics.median(megabytes):.1f} MB, at worst {max(megabytes):.1f} MB")
    return 1 if statistics.median(milliseconds) > MOST_MILLISECONDS or max(megabytes) > MOST_MEGABYTES else 0


def started(program):
    """Milliseconds to the first request, resident megabytes then."""
    with running([program], {}) as function:
        return function.init_seconds * 1000, resident_megabytes(function.process.pid)


if __name__ == "__main__":
    sys.exit(main())
