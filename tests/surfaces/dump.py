"""Writes what the wheel says: dump.py OUT PATH... [--diff OLD NEW]...

The files are those of dump.c.
"""

import sys
from pathlib import Path

import tarsight


def dump(name, work):
    try:
        text = work().to_json()
    except tarsight.TarsightError as error:
        text = error.code
    (Path(sys.argv[1]) / name).write_bytes(text.encode())


args = sys.argv[2:]
packages = pairs = 0
while args:
    first = args.pop(0)
    if first == "--diff":
        old, new = args.pop(0), args.pop(0)
        dump(f"{pairs}.diff", lambda: tarsight.diff(old, new))
        pairs += 1
        continue
    dump(f"{packages}.path", lambda: tarsight.scan(first))
    dump(f"{packages}.bytes", lambda: tarsight.scan(Path(first).read_bytes()))
    packages += 1
