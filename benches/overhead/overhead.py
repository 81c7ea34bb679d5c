"""Microseconds of processor time for one call: up to the handle, and up to the JSON.

Usage: overhead.py PACKAGE CALLS
"""

import sys
import time
from pathlib import Path

import tarsight

data = Path(sys.argv[1]).read_bytes()
calls = int(sys.argv[2])
engine = tarsight.Engine(jobs=1)
times = []
for json in (False, True):
    start = 0.0
    for i in range(-1, calls):
        if i == 0:
            start = time.process_time()
        report = engine.scan(data)
        if json and not report.to_json():
            sys.exit("no JSON")
    times.append((time.process_time() - start) * 1e6 / calls)
print(*times)
