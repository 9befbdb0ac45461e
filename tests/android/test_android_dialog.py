"""Dialog files and screens as data: what is read from them, and how wrong ones are told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.foundation.errors import BadInput, RigFault, SeveralBadInputs
from harness.phone.android_account import Row, new_rows
from harness.phone.dialog import DIALOGS, filled, load_dialog
from harness.phone.hierarchy import Node, Target, find, parse, within

SCREEN = """<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>
<hierarchy rotation="0">
  <node text="" resource-id="" class="android.widget.FrameLayout" content-desc="" bounds="[0,0][1080,2400]">
    <node text="林悦 &amp; co" resource-id="a.b:id/name" class="android.widget.TextView" content-desc="" bounds="[0,100][100,200]" />
    <node text="OK" resource-id="a.b:id/ok" class="android.widget.Button" content-desc="yes" bounds="[100,-20][200,40]" />
    <node text="OK" resource-id="a.b:id/ok2" class="android.widget.Button" content-desc="no" bounds="[0,300][10,310]" />
  </node>
</hierarchy>"""  # noqa: E501


def test_nodes_are_read_as_uiautomator_writes_them() -> None:
    nodes = parse(SCREEN)
    assert nodes[1] == Node("林悦 & co", "a.b:id/name", "", "android.widget.TextView", (0, 100, 100, 200), 0)
    assert nodes[2].middle == (150, 10)
    assert [n.parent for n in nodes] == [-1, 0, 0, 0]
    assert within(nodes, 3, 0)
    assert not within(nodes, 0, 3)


@pytest.mark.parametrize(
    ("target", "found"),
    [
        (Target(text="OK"), 2),
        (Target(text="OK", index=1), 3),
        (Target(text="OK", index=-1), 3),
        (Target(text="ok"), None),
        (Target(text="OK", index=2), None),
        (Target(id="name"), 1),
        (Target(id="a.b:id/name"), 1),
        (Target(id="nam"), None),
        (Target(contains="悦"), 1),
        (Target(matches="O."), 2),
        (Target(matches="O"), None),
        (Target(description="no"), 3),
        (Target(kind="Button"), 2),
        (Target(kind="android.widget.Button", description="no"), 3),
    ],
)
def test_targets_find_their_node(target: Target, found: int | None) -> None:
    assert find(parse(SCREEN), target) == found


@pytest.mark.parametrize("bad", ["", "ERROR: null root node", "<hierarchy>", "<a></b>", SCREEN[:200],
                                 '<!DOCTYPE x [<!ENTITY a "b">]><hierarchy>&a;</hierarchy>'])  # fmt: skip
def test_what_is_no_screen_is_a_fault(bad: str) -> None:
    with pytest.raises(RigFault, match="cannot be read"):
        parse(bad)


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=60))
def test_a_screen_reader_that_prints_anything_gives_nodes_or_a_fault(text: str) -> None:
    try:
        parse(text)
    except RigFault:
        return  # everything else would be our own error


ROWS = st.lists(st.builds(Row, st.sampled_from("ab"), st.just("text"), st.integers(0, 999).map(str)), max_size=30,
                unique=True)  # fmt: skip


@settings(deadline=None, max_examples=100)
@given(ROWS, st.integers(0, 30), st.integers(1, 10))
def test_looks_at_a_scrolling_list_miss_nothing_while_they_overlap(rows: list[Row], first: int, window: int) -> None:
    """One message comes between two looks, at most."""
    first = min(first, len(rows))
    known = rows[max(first - window, 0) : first]
    for end in range(first, len(rows) + 1):
        fresh = new_rows(known, rows[max(end - window, 0) : end])
        if window == 1 and known and end > first:
            assert fresh is None  # nothing is left that both looks saw
            return
        assert fresh is not None
        known = [*known, *fresh]
    assert known == rows[max(first - window, 0) :]


def test_nothing_in_common_is_told() -> None:
    one, other = Row("a", "text", "1"), Row("a", "text", "2")
    assert new_rows([one], [other]) is None
    assert new_rows([], [other]) == (other,)
    assert new_rows([one], []) == ()


def test_only_known_names_are_filled_in() -> None:
    assert filled("{to}: {text} {x}", {"to": "A", "text": "{to}"}) == "A: {to} {x}"


def test_the_shipped_dialog_says_what_it_is() -> None:
    assert "made up by this project" in load_dialog("generic").title
    assert "No real app" in (DIALOGS / "generic.yaml").read_text(encoding="utf-8")


def changed(**changes: Any) -> dict[str, Any]:
    data = yaml.safe_load((DIALOGS / "generic.yaml").read_text(encoding="utf-8"))
    for path, value in changes.items():
        place = data
        *parents, last = path.split("__")
        for part in parents:
            place = place[int(part) if part.isdigit() else part]
        last = int(last) if last.isdigit() else last
        if value is None:
            del place[last]
        else:
            place[last] = value
    return data


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"actions__scan": None}, "scan are missing|scan.*missing"),
        ({"actions__scann": {}}, "no action 'scann'"),
        ({"actions__scan__outcomes__accepted": None}, "by what one sees that it was accepted"),
        ({"actions__scan__outcomes__okay": {"text": "x"}}, "cannot come to okay"),
        ({"actions__scan__steps__0": {"tap": {"text": "x"}, "key": "BACK"}}, "a step does one thing"),
        ({"actions__scan__steps__0": {}}, "a step does one thing"),
        ({"actions__scan__steps__0": {"tap": {}}}, "nothing says what to look for"),
        ({"actions__scan__steps__0": {"tap": {"matches": "("}}}, "no regular expression"),
        ({"actions__scan__steps__0": {"launch": "x; reboot"}}, "no name of a package"),
        ({"actions__scan__steps__0": {"key": "BACK", "otherwise": "refused"}}, "belongs to tap and wait"),
        ({"actions__scan__steps__3": {"tap": {"text": "x"}, "acts": True}}, "more than one step"),
        ({"actions__send_text__outcomes": {}}, "by what one sees that it was sent"),
        ({"actions__inbox__rows": None}, "inbox needs 'rows'"),
        ({"actions__scan__within": "5"}, "within"),
        ({"picture__folder": "sdcard; rm"}, "folder"),
        ({"schema": 2}, "schema"),
    ],
)
def test_wrong_dialogs_are_told_with_file_and_remedy(tmp_path: Path, changes: dict[str, Any], told: str) -> None:
    path = tmp_path / "app.yaml"
    path.write_text(yaml.safe_dump(changed(**changes)), encoding="utf-8")
    with pytest.raises((BadInput, SeveralBadInputs), match=told) as why:
        load_dialog(str(path))
    assert "app.yaml" in str(why.value)
