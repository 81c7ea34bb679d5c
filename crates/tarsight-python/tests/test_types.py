"""What a type checker makes of the package as installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def mypy(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mypy", "--strict", *arguments]
    return subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)


def test_the_tests_and_the_package_are_typed() -> None:
    for what in (sorted(path.name for path in HERE.glob("*.py")), ["-p", "tarsight"]):
        done = mypy(*what)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_stubs_say_what_the_module_has() -> None:
    command = [sys.executable, "-m", "mypy.stubtest", "tarsight._native"]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_wrong_program_is_refused() -> None:
    done = mypy("-c", "import tarsight; tarsight.scan(3).findings[0]['nothing']")
    assert done.returncode == 1
    assert "arg-type" in done.stdout and "nothing" in done.stdout, done.stdout
