"""The account pool: logins are counted before they happen, over runs, restarts, kills and two runs at once."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.foundation.clock import civil_time
from harness.foundation.errors import HarnessError, RigFault
from harness.phone.pool import AccountPool, PhoneAccount, _next_day

DRIVER = PhoneAccount("acct-d", "driver", "PHONE1", 2)
SPARE = PhoneAccount("acct-s", "driver", "PHONE2", 3)
CONTACT = PhoneAccount("acct-c", "contact", "192.168.0.7:5555", 1)


class Watch:
    def __init__(self, now: str = "2026-02-28T23:00:00+00:00") -> None:
        self.now = now

    def __call__(self) -> str:
        return self.now


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state" / "accounts.json"


def test_the_account_with_the_most_logins_left_is_taken(state: Path) -> None:
    pool = AccountPool([DRIVER, SPARE, CONTACT], state, Watch())
    assert pool.take("driver") is SPARE
    assert pool.take("driver") is SPARE
    assert pool.take("contact") is CONTACT
    pool.spend(SPARE)
    pool.spend(SPARE)
    pool.close()
    assert AccountPool([DRIVER, SPARE, CONTACT], state, Watch()).take("driver") is DRIVER


def test_a_budget_that_is_used_up_says_until_when_and_names_no_account(state: Path) -> None:
    watch = Watch()
    pool = AccountPool([DRIVER], state, watch)
    pool.take("driver")
    pool.spend(DRIVER)
    watch.now = "2026-02-28T23:30:00+00:00"
    pool.spend(DRIVER)
    with pytest.raises(RigFault, match=r"used up until 2026-03-01T23:00:00") as told:
        pool.spend(DRIVER)
    assert "acct-d" not in str(told.value)
    assert "PHONE1" in str(told.value)
    pool.close()
    with pytest.raises(RigFault, match=r"used up until 2026-03-01T23:00:00") as told:
        AccountPool([DRIVER], state, watch).take("driver")
    assert "acct-d" not in str(told.value)


def test_a_login_is_forgiven_after_24_hours_and_not_before(state: Path) -> None:
    watch = Watch()
    pool = AccountPool([CONTACT], state, watch)
    pool.take("contact")
    pool.spend(CONTACT)
    watch.now = "2026-03-01T22:59:59+00:00"
    with pytest.raises(RigFault):
        pool.spend(CONTACT)
    watch.now = "2026-03-01T23:00:00+00:00"
    pool.spend(CONTACT)
    assert pool.spent(CONTACT) == ("2026-03-01T23:00:00+00:00",)


def test_a_clock_that_was_set_back_gives_no_logins_away(state: Path) -> None:
    watch = Watch()
    pool = AccountPool([CONTACT], state, watch)
    pool.take("contact")
    pool.spend(CONTACT)
    watch.now = "2020-01-01T00:00:00+00:00"
    with pytest.raises(RigFault):
        pool.spend(CONTACT)


def test_an_account_is_one_runs_at_a_time_and_free_when_that_has_ended(state: Path) -> None:
    first, second = (AccountPool([DRIVER, CONTACT], state, Watch()) for _ in range(2))
    first.take("driver")
    with pytest.raises(RigFault, match="another run"):
        second.take("driver")
    second.take("contact")
    first.close()
    assert second.take("driver") is DRIVER


def test_a_killed_run_holds_nothing_and_has_spent_what_it_spent(state: Path) -> None:
    script = (
        "import os, sys, signal\n"
        "from pathlib import Path\n"
        "from harness.phone.pool import AccountPool, PhoneAccount\n"
        "pool = AccountPool([PhoneAccount('acct-d', 'driver', 'PHONE1', 2)], Path(sys.argv[1]))\n"
        "pool.spend(pool.take('driver'))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(__file__).resolve().parents[2]
    assert (
        subprocess.run([sys.executable, "-c", script, str(state)], cwd=root, check=False, timeout=30).returncode == -9
    )
    pool = AccountPool([DRIVER], state)
    assert len(pool.spent(pool.take("driver"))) == 1


def test_logins_of_runs_at_once_are_all_counted(state: Path) -> None:
    accounts = [PhoneAccount(f"a{i}", f"r{i}", f"P{i}", 50) for i in range(4)]

    def run(account: PhoneAccount) -> None:
        pool = AccountPool([account], state, Watch())
        for _ in range(10):
            pool.spend(pool.take(account.role))
        pool.close()

    with ThreadPoolExecutor(4) as several:
        list(several.map(run, accounts))
    assert {n: len(t) for n, t in json.loads(state.read_text())["logins"].items()} == {f"a{i}": 10 for i in range(4)}


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"schema": 2, "logins": {}}', '{"schema": 1, "logins": {"a": ["yesterday"]}}',
                '{"schema": 1, "logins": {"a": [5]}}', '{"schema": 1, "logins": 7}']
)  # fmt: skip
def test_a_file_that_cannot_be_read_stops_the_run_and_is_not_overwritten(state: Path, content: str) -> None:
    state.parent.mkdir()
    state.write_text(content)
    with pytest.raises(RigFault, match="wait a day, then delete it"):
        AccountPool([DRIVER], state, Watch()).take("driver")
    assert state.read_text() == content


def test_a_state_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RigFault, match="'state' in the rig file"):
        AccountPool([DRIVER], tmp_path / "file" / "accounts.json", Watch()).take("driver")


def test_an_unknown_role_and_an_account_that_was_not_taken_are_told(state: Path) -> None:
    pool = AccountPool([DRIVER], state, Watch())
    with pytest.raises(RigFault, match="there are: driver"):
        pool.take("contact")
    with pytest.raises(HarnessError):
        pool.spend(DRIVER)


@settings(deadline=None, max_examples=60)
@given(st.datetimes(datetime(1970, 1, 1), datetime(2900, 1, 1)))  # noqa: DTZ001 - the zone comes below
def test_a_day_later_is_what_the_calendar_says(when: datetime) -> None:
    first = when.replace(microsecond=0, tzinfo=UTC)
    assert _next_day(first.isoformat(timespec="seconds")) == (first + timedelta(days=1)).isoformat(timespec="seconds")


def test_the_clock_writes_times_as_the_pool_reads_them() -> None:
    assert _next_day(civil_time()) > civil_time()
