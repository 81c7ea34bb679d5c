"""Threads, forks, signals, cancelling: what a host does around a call."""

from __future__ import annotations

import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import tarsight
from packages import HOSTILE, large, pack


def test_threads_share_an_engine() -> None:
    hostile = pack(HOSTILE)
    engine = tarsight.Engine()
    expected = engine.scan(hostile).to_json()
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(engine.scan, [hostile] * 12))
    assert {report.to_json() for report in reports} == {expected}


def test_the_lock_is_released() -> None:
    package = large()
    thread = threading.Thread(target=tarsight.scan, args=(package,))
    turns = 0
    thread.start()
    while thread.is_alive():
        turns += 1
        thread.join(0.01)
    assert turns > 5


def test_a_call_can_be_cancelled() -> None:
    package = large()
    cancel = tarsight.Cancel()
    threading.Timer(0.05, cancel.cancel).start()
    with pytest.raises(tarsight.TarsightError) as caught:
        tarsight.scan(package, cancel=cancel)
    assert caught.value.code == "cancelled"
    assert cancel.cancelled
    with pytest.raises(tarsight.TarsightError) as caught:
        tarsight.diff(pack(HOSTILE), package, cancel=cancel)
    assert caught.value.code == "cancelled"
    assert not tarsight.Cancel().cancelled


def test_a_time_limit_ends_a_call_with_what_it_has() -> None:
    report = tarsight.scan(large(), time_limit=0.001)
    assert report.name == "large"
    assert not report.complete
    reasons = [one["reason"] for one in report.to_dict()["coverage"]["unanalysed"]]
    assert "cancelled" in reasons
    hostile = pack(HOSTILE)
    endless = tarsight.scan(hostile, time_limit=1e300)
    assert endless.to_json() == tarsight.scan(hostile).to_json()
    for wrong in (-1.0, float("nan")):
        with pytest.raises(ValueError):
            tarsight.scan(hostile, time_limit=wrong)


def test_ctrl_c_ends_a_call() -> None:
    package = large()
    # Whoever is started in the background has it ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()
        with pytest.raises(KeyboardInterrupt):
            tarsight.scan(package)
    finally:
        signal.signal(signal.SIGINT, before)


def test_an_exception_of_a_signal_handler_comes_through() -> None:
    class Told(Exception):
        pass

    def handler(number: int, frame: object) -> None:
        raise Told

    package = large()
    before = signal.signal(signal.SIGUSR1, handler)
    try:
        threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGUSR1)).start()
        with pytest.raises(Told):
            tarsight.scan(package)
    finally:
        signal.signal(signal.SIGUSR1, before)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_can_scan() -> None:
    hostile = pack(HOSTILE)
    engine = tarsight.Engine()
    assert engine.scan(hostile).risk_level == "critical"
    assert tarsight.scan(hostile).risk_level == "critical"
    child = os.fork()
    if child == 0:
        levels = {engine.scan(hostile).risk_level, tarsight.scan(hostile).risk_level}
        os._exit(0 if levels == {"critical"} else 1)
    _, status = os.waitpid(child, 0)
    assert status == 0


def test_a_large_buffer_that_is_no_archive_is_an_error() -> None:
    with pytest.raises(tarsight.TarsightError):
        tarsight.scan(bytes(64 << 20))


def test_the_module_says_its_version() -> None:
    assert tarsight.__version__.count(".") == 2
    assert "tarsight._native" in sys.modules
