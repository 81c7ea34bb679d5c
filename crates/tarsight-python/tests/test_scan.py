from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Callable

import pytest
import tarsight
from packages import HOSTILE, pack


@pytest.fixture(scope="module")
def hostile() -> bytes:
    return pack(HOSTILE)


def test_a_report_says_what_the_package_does(hostile: bytes) -> None:
    report = tarsight.scan(hostile)
    assert report.risk_level == "critical"
    assert report.risk_score >= 80
    assert report.complete
    assert (report.name, report.version) == ("npmrc-exfiltration", "1.0.0")
    finding = report.findings[0]
    assert finding["id"] == "credential-exfiltration"
    assert "https://collect.invalid/v1/report" in finding["message"]
    assert finding["reach"]["install"] == "load"
    requests = [one for one in report.behaviours if one["id"] == "network.http"]
    assert [one["target"] for one in requests] == ["https://collect.invalid/v1/report"]
    assert repr(report) == "<tarsight.Report npmrc-exfiltration@1.0.0: critical>"


def test_the_document_is_there_as_text_and_as_data(hostile: bytes) -> None:
    report = tarsight.scan(hostile)
    document = report.to_dict()
    assert document["schema"] == "tarsight.report/1"
    assert document == json.loads(report.to_json())
    document["findings"].clear()
    assert report.to_dict()["findings"] == report.findings != []
    again = tarsight.Report.from_json(report.to_json())
    assert again.to_json() == report.to_json()
    assert tarsight.Report.from_json(report.to_json().encode()).risk_level == "critical"


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_any_buffer_will_do(hostile: bytes, kind: Callable[[bytes], Any]) -> None:
    assert tarsight.scan(kind(hostile)).to_json() == tarsight.scan(hostile).to_json()


def test_a_path_is_a_file_or_a_folder(hostile: bytes, tmp_path: Path) -> None:
    file = tmp_path / "a.tgz"
    file.write_bytes(hostile)
    for path in (file, HOSTILE):
        for given in (path, str(path)):
            report = tarsight.scan(given)
            assert report.risk_level == "critical"
            assert report.to_dict()["subject"]["path"] == os.fspath(path)


def test_a_label_is_carried(hostile: bytes) -> None:
    assert tarsight.scan(hostile, label="mine").to_dict()["subject"]["label"] == "mine"


def test_limits_are_set_by_name(hostile: bytes) -> None:
    engine = tarsight.Engine(limits={"sites": 1}, jobs=1)
    report = engine.scan(hostile)
    assert report.to_dict()["options"]["limits"] == {"sites": 1}
    assert all(len(one["sites"]) == 1 for one in report.behaviours)
    report = engine.scan(hostile, limits={"sites": 2})
    assert report.to_dict()["options"]["limits"] == {"sites": 2}


@pytest.mark.parametrize("value", [-1, 1 << 64, 1.5, "many", None])
def test_a_limit_is_a_number(value: Any) -> None:
    with pytest.raises(tarsight.TarsightError, match="sites") as caught:
        tarsight.Engine(limits={"sites": value})
    assert caught.value.code == "invalid-option"


def test_an_unknown_limit_lists_the_names(hostile: bytes) -> None:
    for call in (
        lambda: tarsight.Engine(limits={"speed": 1}),
        lambda: tarsight.scan(hostile, limits={"speed": 1}),
    ):
        with pytest.raises(tarsight.TarsightError, match="parse-bytes") as caught:
            call()
        assert caught.value.code == "invalid-option"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (b"", "empty"),
        (bytearray(), "empty"),
        (b"this is no archive", "not-an-archive"),
        ("/no/such/file", "not-found"),
        (Path("/no/such/file"), "not-found"),
        (b"\x28\xb5\x2f\xfd" + bytes(100), "unsupported-compression"),
    ],
)
def test_what_is_no_package_is_an_error(given: Any, code: str) -> None:
    with pytest.raises(tarsight.TarsightError) as caught:
        tarsight.scan(given)
    assert caught.value.code == code
    assert str(caught.value)


@pytest.mark.parametrize("given", [None, 3, object(), ["a"]])
def test_what_is_neither_bytes_nor_path_is_a_type_error(given: Any) -> None:
    with pytest.raises(TypeError, match="bytes or a path"):
        tarsight.scan(given)


def test_a_limit_on_the_archive_is_an_error(hostile: bytes) -> None:
    with pytest.raises(tarsight.TarsightError, match="compressed-bytes") as caught:
        tarsight.scan(hostile, limits={"compressed-bytes": 10})
    assert caught.value.code == "over-limit"


def test_what_is_no_report_is_an_error() -> None:
    for given in ("{}", b"[]", "nothing"):
        with pytest.raises(tarsight.TarsightError) as caught:
            tarsight.Report.from_json(given)
        assert caught.value.code == "not-a-report"
    with pytest.raises(TypeError):
        tarsight.Report.from_json(3)  # type: ignore[arg-type]
