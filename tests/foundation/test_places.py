"""A project's own folders come first, then what came with the package."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.foundation.errors import BadInput
from harness.foundation.places import find, known, roots


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "dbc" / "own").mkdir(parents=True)
    (tmp_path / "rigs").mkdir()
    (tmp_path / "rigs" / "virtual.yaml").write_text("mine")
    (tmp_path / "rigs" / "own.yaml").write_text("mine")
    return tmp_path


def test_the_project_wins_over_the_package(project: Path) -> None:
    assert find("rigs", "virtual", ".yaml", project) == project / "rigs" / "virtual.yaml"
    assert find("rigs", "own", ".yaml", project) == project / "rigs" / "own.yaml"


def test_what_the_project_lacks_comes_from_the_package(project: Path) -> None:
    found = find("dbc", "gs4", project=project)
    assert found.name == "gs4"
    assert project not in found.parents


def test_a_path_is_taken_as_it_is(project: Path) -> None:
    assert find("rigs", "rigs/own.yaml", ".yaml", project) == project / "rigs" / "own.yaml"
    assert find("dbc", str(project / "dbc" / "own")) == project / "dbc" / "own"


def test_a_file_of_another_kind_is_not_taken_for_a_rig(project: Path) -> None:
    (project / "notes.txt").write_text("")
    with pytest.raises(BadInput):
        find("rigs", "notes.txt", ".yaml", project)


def test_an_unknown_name_gets_a_suggestion_among_both(project: Path) -> None:
    with pytest.raises(BadInput) as why:
        find("rigs", "virtaul", ".yaml", project)
    assert (why.value.problem, why.value.remedy) == ("no such rig", "Did you mean 'virtual'?")
    with pytest.raises(BadInput, match="no such car"):
        find("dbc", "gs5", project=project)


def test_known_names_are_those_that_are_found(project: Path) -> None:
    assert {"own", "virtual"} <= set(known("rigs", ".yaml", project))
    assert {"own", "gs4"} <= set(known("dbc", project=project))
    for name in known("dbc", project=project):
        assert find("dbc", name, project=project).is_dir()


def test_roots_are_folders_without_repetition(project: Path) -> None:
    found = roots(project)
    assert found[0] == project
    assert len(set(found)) == len(found)
    assert all(r.is_dir() for r in found)
