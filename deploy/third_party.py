"""Write THIRD-PARTY.txt: the licences of all that is linked into the program.

    python3 deploy/third_party.py          # after a dependency came, went or changed its version
    python3 deploy/third_party.py --check  # whether it is up to date; exit code 1 if not

`deny.toml` says which licences may come; this collects their texts from the crates' own files. Of a choice that has MIT, MIT is taken.
MIT texts that differ in their copyright lines only are printed once.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "THIRD-PARTY.txt"
TARGETS = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"]
FILE = re.compile(r"(licen[cs]e|copying|notice)", re.IGNORECASE)
# The C code within a crate has a licence of its own.
NESTED = {"zstd-sys": "zstd/LICENSE"}
COPYRIGHT = re.compile(r"\W*copyright (?!notice|holder)", re.IGNORECASE)

HEAD = """\
Third-party software in the program `pythia`
============================================
Written by deploy/third_party.py from Cargo.lock; not to be edited.

Beside the crates below the program holds the Rust standard library (https://github.com/rust-lang/rust, MIT OR Apache-2.0;
Copyright (c) The Rust Project Contributors) and, where it is linked statically, libgcc (GPL-3.0-or-later with the GCC Runtime
Library Exception, which allows it here without conditions) and the GNU C Library (https://www.gnu.org/software/libc/,
LGPL-2.1-or-later, text at the end), unchanged, as the distribution on which it was linked packages it. Who wants to link
the program with another version of that library builds it from its source with `deploy/package.sh`.
"""


def cargo(*arguments):
    return subprocess.run(["cargo", *arguments, "--locked"], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def linked():
    """The (name, version) of each crate in the program; what runs only while it is compiled is not in it."""
    found = set()
    for target in TARGETS:
        edges = ["-p", "pythia", "-e", "normal,no-proc-macro", "--target", target]
        lines = cargo("tree", *edges, "--prefix", "none", "--format", "{p}").splitlines()
        found |= {(line.split()[0], line.split()[1].removeprefix("v")) for line in lines if line and "(/" not in line}
    return found


def crates():
    wanted = linked()
    packages = json.loads(cargo("metadata", "--format-version", "1"))["packages"]
    found = [it for it in packages if (it["name"], it["version"]) in wanted]
    return sorted(found, key=lambda it: (it["name"], it["version"]))


def files(crate):
    """The files of a crate whose texts must be handed on."""
    folder = pathlib.Path(crate["manifest_path"]).parent
    found = sorted(it for it in folder.iterdir() if it.is_file() and FILE.match(it.name))
    if any("MIT" in it.name for it in found):
        found = [it for it in found if not re.search(r"apache|isc|bsd|zlib|boost|unlicense|copying", it.name, re.IGNORECASE)]
    elif any("boost" in it.name.lower() for it in found):
        found = [it for it in found if "apache" not in it.name.lower()]
    if crate["name"] in NESTED:
        found.append(folder / NESTED[crate["name"]])
    if not found:
        if "Apache-2.0" not in crate["license"]:
            sys.exit(f"{crate['name']} has no licence file, and {crate['license']} is no licence whose text is here")
        found = [ROOT / "LICENSE-APACHE"]
    return found


def texts():
    """Body of a licence, compared by its words -> its text and the crates under it, with their copyright lines."""
    groups = {}
    for crate in crates():
        for path in files(crate):
            body, notices = parted(path.read_text(encoding="utf-8"))
            key = " ".join(re.findall(r"\w+", body.lower()))
            _, members = groups.setdefault(key, (body, []))
            members.append((f"{crate['name']} {crate['version']}", crate["license"], notices))
    return groups.values()


def parted(text):
    """A licence's body and the copyright lines before it; only of plain MIT texts, others stay whole."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    starts = [at for at, line in enumerate(lines) if line.startswith("Permission is hereby granted")]
    head = lines[: starts[0]] if len(starts) == 1 else []
    notices = [line.strip() for line in head if COPYRIGHT.match(line)]
    rest = " ".join(line for line in head if not COPYRIGHT.match(line))
    if notices and re.fullmatch(r"\W*(The )?(MIT License)?( \(MIT\))?\W*", rest, re.IGNORECASE):
        return "\n".join(lines[starts[0] :]), notices
    return "\n".join(lines), []


def document():
    parts = [HEAD]
    for body, members in sorted(texts(), key=lambda it: (-len(it[1]), it[1][0])):
        parts.append("-" * 100)
        for name, licence, notices in members:
            parts.append("\n    ".join([f"{name} ({licence})", *notices]))
        parts += ["", body, ""]
    parts += ["-" * 100, "The GNU C Library", "", (ROOT / "deploy" / "LGPL-2.1.txt").read_text(encoding="utf-8")]
    return "\n".join(parts)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args().check
    text = document()
    if check:
        if not OUTPUT.is_file() or OUTPUT.read_text(encoding="utf-8") != text:
            sys.exit(f"{OUTPUT.name} is not that of Cargo.lock: run `python3 deploy/third_party.py`")
    else:
        OUTPUT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
