"""Reads an npm package as bytes and says what its code will do, when, and what is new.

>>> import tarsight
>>> report = tarsight.scan("package.tgz")
>>> report.risk_level, [finding["id"] for finding in report.findings]

Nothing of a package is ever run, and nothing is fetched.
"""

from __future__ import annotations

import threading
from os import PathLike
from typing import Mapping, Optional, Union

from ._native import Cancel, Diff, Engine, Report, TarsightError, __version__

__all__ = [
    "Cancel",
    "Diff",
    "Engine",
    "Report",
    "TarsightError",
    "__version__",
    "diff",
    "scan",
]

_Source = Union[bytes, bytearray, memoryview, str, "PathLike[str]"]

_lock = threading.Lock()
_default: Optional[Engine] = None


def _engine() -> Engine:
    """The engine of `scan` and `diff`; its threads start with the first call."""
    global _default
    with _lock:
        if _default is None:
            _default = Engine()
        return _default


def scan(
    source: _Source,
    *,
    label: Optional[str] = None,
    limits: Optional[Mapping[str, int]] = None,
    time_limit: Optional[float] = None,
    cancel: Optional[Cancel] = None,
) -> Report:
    """Reads a package: the bytes of a tarball, its path, or the folder of an unpacked package.

    See `Engine.scan`.
    """
    return _engine().scan(
        source, label=label, limits=limits, time_limit=time_limit, cancel=cancel
    )


def diff(
    old: Union[_Source, Report],
    new: Union[_Source, Report],
    *,
    limits: Optional[Mapping[str, int]] = None,
    time_limit: Optional[float] = None,
    cancel: Optional[Cancel] = None,
) -> Diff:
    """Says what the new version does that the old one did not.

    See `Engine.diff`.
    """
    return _engine().diff(
        old, new, limits=limits, time_limit=time_limit, cancel=cancel
    )
