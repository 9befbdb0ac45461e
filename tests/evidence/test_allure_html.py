"""The Allure page: without analytics, and without Allure where it cannot be had."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harness.evidence import allure_html
from harness.evidence.allure_html import NoAllure, installed, settings, without_analytics, write_html
from harness.evidence.finish import finish
from harness.evidence.history import add, whole_lines

PAGE = """<html><head><script>window.allureReportData = {"a": "gtag( googletagmanager.com"};</script></head><body>
<script async src="https://www.googletagmanager.com/gtag/js?id=G-1"></script>
<script>
  window.dataLayer = window.dataLayer || [];
  function gtag(){dataLayer.push(arguments);}
</script>
<script>app()</script></body></html>"""


def test_both_analytics_scripts_go_and_nothing_else() -> None:
    page = without_analytics(PAGE)
    assert "https://www.googletagmanager.com" not in page
    assert "dataLayer" not in page
    assert "allureReportData" in page
    assert "app()" in page


def test_the_lock_names_versions_and_hashes_and_no_registry() -> None:
    lock = json.loads((allure_html.PACKAGES / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages["node_modules/allure"]["version"].startswith("3.")
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert not any("resolved" in entry for entry in packages.values())


def test_settings_put_each_verdict_in_a_category_of_its_own(run_folder: Any, tmp_path: Path) -> None:
    made = settings(run_folder.out, {"vehicle": "gs4"}, tmp_path / "page", tmp_path / "history.jsonl")
    patterns = [rule["matchers"][0]["message"] for rule in made["categories"]["rules"]]
    assert patterns == ["^FAIL", "^BLOCKED", "^ERROR", "^INCONCLUSIVE", "^NOT EXECUTED", "^NOT APPLICABLE"]
    assert made["historyPath"] == str(tmp_path / "history.jsonl")


def test_without_a_cache_to_write_the_run_goes_on(every_verdict: Any, tmp_path: Path, environment: Any) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("")
    environment("XDG_CACHE_HOME", str(blocker))
    summary = finish(every_verdict.out)
    assert summary.html is None
    assert summary.exit_code == 4
    [warning] = summary.warnings
    assert warning.startswith("no Allure page: the cache")
    assert (every_verdict.out / "summary.html").is_file()


def test_without_network_one_warning_and_the_same_exit_code(
    every_verdict: Any, tmp_path: Path, environment: Any
) -> None:
    environment("XDG_CACHE_HOME", str(tmp_path / "cache"))
    environment("npm_config_registry", "http://127.0.0.1:9")
    environment("npm_config_fetch_retries", "0")
    environment("npm_config_cache", str(tmp_path / "npm"))
    said: list[str] = []
    summary = finish(every_verdict.out, say=said.append)
    assert len(said) == 1
    assert said[0].startswith("fetching Allure 3")
    assert len(summary.warnings) == 1
    assert summary.warnings[0].startswith("no Allure page: npm")
    assert summary.exit_code == 4
    assert list((tmp_path / "cache" / "headunit-hil").iterdir()) == []


@pytest.mark.slow
def test_the_page_is_one_file_that_calls_nobody(every_verdict: Any) -> None:
    try:
        installed(lambda _: None)
    except NoAllure as why:
        pytest.skip(f"Allure is not in the cache and cannot be fetched: {why}")
    finish(every_verdict.out, allure=False)
    page = write_html(every_verdict.out, {"vehicle": "gs4", "history": str(every_verdict.out / "h.jsonl")})
    text = page.read_text()
    assert [p.name for p in page.parent.iterdir()] == ["index.html"]
    assert "googletagmanager" not in text
    history = every_verdict.out / "h.jsonl"
    assert len(whole_lines(history)) == 1
    write_html(every_verdict.out, {"history": str(history)})
    assert len(whole_lines(history)) == 1  # the same run, made again


def test_a_torn_history_costs_its_torn_line_and_no_report(tmp_path: Path) -> None:
    history = tmp_path / "history.jsonl"
    add(history, ['{"uuid": "a"}'])
    with history.open("a") as file:
        file.write('{"uuid": "b')
    add(history, ['{"uuid": "c"}'])
    assert whole_lines(history) == ['{"uuid": "a"}', '{"uuid": "c"}']
    assert whole_lines(tmp_path / "none") == []
