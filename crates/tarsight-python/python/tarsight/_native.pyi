from os import PathLike
from typing import List, Mapping, Optional, Union, final

from .types import Behaviour, DiffDict, Finding, ReportDict, RiskLevel

__all__ = [
    "__version__",
    "TarsightError",
    "Cancel",
    "Engine",
    "Report",
    "Diff",
]

__version__: str

_Source = Union[bytes, bytearray, memoryview, str, "PathLike[str]"]

class TarsightError(Exception):
    """Why there is no report."""

    code: str
    """A stable word for programs: `not-an-archive`, `over-limit`, `invalid-option`, …"""

@final
class Cancel:
    """Ends calls from another thread."""

    def __new__(cls) -> Cancel: ...
    def cancel(self) -> None:
        """Ends every call that was given this, now and from now on.

        They raise `TarsightError` with the code `cancelled` within 100 milliseconds; what they
        had started ends by itself at the next file of the package.
        """
    @property
    def cancelled(self) -> bool:
        """Whether `cancel` was called."""

@final
class Engine:
    """Reads packages. Make one and share it between threads.

    `limits` are by name, as `{"parse-bytes": 1 << 20}`; an unknown name raises `TarsightError`
    with the code `invalid-option` and a message that lists the names. `jobs` are worker threads,
    0 for one for each core.
    """

    def __new__(
        cls, *, limits: Optional[Mapping[str, int]] = None, jobs: int = 0
    ) -> Engine: ...
    def scan(
        self,
        source: _Source,
        *,
        label: Optional[str] = None,
        limits: Optional[Mapping[str, int]] = None,
        time_limit: Optional[float] = None,
        cancel: Optional[Cancel] = None,
    ) -> Report:
        """Reads a package: the bytes of a tarball, its path, or the folder of an unpacked package.

        `bytes` are read where they are; other buffers are copied first. The interpreter's lock is
        released, and Ctrl-C ends the call. `limits` of a call replace those of the engine.
        After `time_limit` seconds no further file is read. The call still succeeds: what was left
        out stands in the report as `cancelled`. `limits` count work instead of time, and give
        the same report on every machine.
        """
    def diff(
        self,
        old: Union[_Source, Report],
        new: Union[_Source, Report],
        *,
        limits: Optional[Mapping[str, int]] = None,
        time_limit: Optional[float] = None,
        cancel: Optional[Cancel] = None,
    ) -> Diff:
        """Says what the new version does that the old one did not.

        Each side is a package as for `scan`, a report, or a report that was saved as JSON. Files
        that both have are read once. `time_limit` is for each package, as for `scan`.
        """

@final
class Report:
    """What a package does."""

    @staticmethod
    def from_json(json: Union[str, bytes, bytearray, memoryview]) -> Report:
        """Reads a report that was saved as JSON."""
    def to_json(self) -> str:
        """The whole report (`tarsight.report/1`), as `tarsight scan --format json` prints it."""
    def to_dict(self) -> ReportDict:
        """The whole report, as a new dictionary."""
    @property
    def name(self) -> Optional[str]:
        """Of the package."""
    @property
    def version(self) -> Optional[str]:
        """Of the package."""
    @property
    def risk_level(self) -> RiskLevel:
        """Of the package."""
    @property
    def risk_score(self) -> int:
        """Of the package, from 0 to 100."""
    @property
    def complete(self) -> bool:
        """Whether nothing of the package was left out."""
    @property
    def findings(self) -> List[Finding]:
        """Judgements, the worst first. Made once; change a copy."""
    @property
    def behaviours(self) -> List[Behaviour]:
        """What the package does, without judgement. Made once; change a copy."""

@final
class Diff:
    """What one version does that the version before it did not."""

    def to_json(self) -> str:
        """The whole diff (`tarsight.diff/1`), as `tarsight diff --format json` prints it."""
    def to_dict(self) -> DiffDict:
        """The whole diff, as a new dictionary."""
    @property
    def risk_level(self) -> RiskLevel:
        """Of the change, not of the package."""
    @property
    def risk_score(self) -> int:
        """Of the change, from 0 to 100."""
    @property
    def complete(self) -> bool:
        """Whether nothing of either version was left out."""
