"""Run folders are numbered, and no two runs get one number."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from harness.evidence.run_folder import new_run_folder, reserve_run_folder


def test_runs_that_start_at_once_get_a_folder_each(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        folders = list(pool.map(lambda _: reserve_run_folder(tmp_path / "reports"), range(24)))
    assert len(set(folders)) == 24
    assert all(folder.is_dir() for folder in folders)


def test_the_next_number_follows_the_highest(tmp_path: Path) -> None:
    (tmp_path / "0007-2026-01-02").mkdir()
    (tmp_path / "notes").mkdir()
    assert new_run_folder(tmp_path).name.startswith("0008-")
