from __future__ import annotations

import json

import pytest
import tarsight
from packages import CORPUS, pack

OLD = CORPUS / "diff" / "bases" / "colours"
NEW = CORPUS / "diff" / "example"


def test_a_diff_says_what_is_new() -> None:
    diff = tarsight.diff(pack(OLD), pack(NEW))
    assert diff.risk_level == "high"
    assert diff.risk_score >= 50
    assert diff.complete
    document = diff.to_dict()
    assert document == json.loads(diff.to_json())
    assert "https://stats.invalid/p" in [item["target"] for item in document["gained"]]
    assert repr(diff) == "<tarsight.Diff 1.2.3 -> 1.2.4: high>"


def test_sides_are_packages_reports_and_saved_reports() -> None:
    old, new = pack(OLD), pack(NEW)
    expected = tarsight.diff(old, new).to_json()
    reports = tarsight.scan(old), tarsight.scan(new)
    assert tarsight.diff(*reports).to_json() == expected
    assert tarsight.diff(old, reports[1]).to_json() == expected
    assert tarsight.diff(reports[0].to_json().encode(), new).to_json() == expected
    assert tarsight.diff(OLD, NEW).risk_level == "high"


def test_a_side_that_is_no_package_is_an_error() -> None:
    with pytest.raises(tarsight.TarsightError) as caught:
        tarsight.diff(pack(OLD), b"this is no archive")
    assert caught.value.code == "not-an-archive"
    with pytest.raises(TypeError):
        tarsight.diff(pack(OLD), None)  # type: ignore[arg-type]
