"""Make the pickles in the folders beside this file anew, and want.json, which says what Python finds in each.

    python crates/formats/tests/pickles/make.py            # in every environment
    python crates/formats/tests/pickles/make.py 1.9.1 2.7  # in these

One folder an environment: those of fixtures/environments.toml and three of our own (EXTRA). `write.py` runs in each of them.
Nothing changes in git if nothing changed in write.py. Needs Python 3.11 or newer, and for EXTRA the network once.
"""

import json
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[3] / "fixtures"))

import environments  # noqa: E402

# Python 2 has no environment of its own, and scikit-learn's do not need pyarrow or lz4.
EXTRA = {
    "2.7": ("2.7", ["numpy==1.16.6", "scipy==1.2.3", "pandas==0.24.2", "joblib==0.14.1"]),
    "arrow-2": ("3.12", ["numpy==2.0.2", "pandas==2.2.3", "pyarrow==17.0.0", "joblib==1.4.2", "lz4==4.3.3"]),
    "arrow-3": ("3.13", ["numpy==2.3.5", "pandas==3.0.5", "pyarrow==22.0.0", "joblib==1.5.3", "lz4==4.4.5"]),
}
DEFAULT = [*EXTRA, "0.20.4", "0.21.3", "0.23.2", "1.0.2", "1.1.3", "1.3.2", "1.6.1", "1.8.0", "1.9.1"]


# Every protocol and every compression is written by these; the others write protocols 2 and the newest, plain and zlib.
THOROUGH = ["2.7", "0.20.4", "arrow-3"]
WANT = HERE / "want.json"


def main():
    want = load()
    for name in sys.argv[1:] or DEFAULT:
        folder = HERE / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        if name in EXTRA:
            command, settings = extra(name)
        else:
            command, settings = [str(environments.python(name))], environments.settings(name)
        how = "thorough" if name in THOROUGH else "brief"
        subprocess.run([*command, str(HERE / "write.py"), str(folder), how], env=settings, check=True)
        want = {file: text for file, text in want.items() if not file.startswith(f"{name}/")}
        written = folder / "want.json"
        want |= {f"{name}/{file}": what for file, what in json.loads(written.read_text()).items()}
        written.unlink()
        save(want)
        size = sum(path.stat().st_size for path in folder.iterdir())
        print(f"{name}: {size // 1024} KiB")


def load():
    """File -> what is in it."""
    if not WANT.exists():
        return {}
    known = json.loads(WANT.read_text())
    return {file: known["contents"][at] for file, at in known["files"].items()}


def save(want):
    """Each description once: most files hold the same."""
    contents, places = [], {}
    files = {}
    for file, what in sorted(want.items()):
        text = json.dumps(what, separators=(",", ":"))
        if text not in places:
            places[text] = len(contents)
            contents.append(text)
        files[file] = places[text]
    lines = [json.dumps({"files": files}, indent=0)[:-2], ',\n"contents": [\n', ",\n".join(contents), "\n]}\n"]
    WANT.write_text("".join(lines))


def extra(name):
    """The interpreter with the pinned packages in a folder of its own."""
    minor, packages = EXTRA[name]
    python = environments.interpreter(minor)
    folder = environments.VENVS / f"formats-{name}"
    stamp = folder / environments.STAMP
    if not stamp.is_file() or stamp.read_text() != "\n".join(packages):
        shutil.rmtree(folder, ignore_errors=True)
        pip = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--only-binary", ":all:"]
        subprocess.run([*pip, "--target", str(folder), *packages], check=True)
        stamp.write_text("\n".join(packages))
    return [python], {**environments.settings("1.3.2"), "PYTHONPATH": str(folder)}


if __name__ == "__main__":
    main()
