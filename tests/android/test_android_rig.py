"""Android devices as a rig file asks for them: fitted, or refused with a remedy."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.bench.people import CONTACT, DRIVER
from harness.console.logcat import LogcatConsole
from harness.foundation.clock import WallClock
from harness.foundation.errors import BadInput, RigFault, SeveralBadInputs
from harness.foundation.places import find
from harness.foundation.units import MS, S
from harness.phone.dialog import load_dialog
from harness.rig import drivers_android
from harness.rig.drivers import DRIVERS, Site, fit
from harness.screen.android import AndroidScreen
from harness.vehicle.load import load_vehicle

LIN = {"name": "Lin Yue", "role": "driver", "serial": "PHONE1", "logins_per_day": 5}
WANG = {"name": "Wang Fang", "role": "contact", "serial": "PHONE2", "logins_per_day": 5}
PHONE = {"dialog": "generic", "accounts": [LIN, WANG]}


def with_wang(**changes: object) -> dict[str, object]:
    return {**PHONE, "accounts": [LIN, {**WANG, **changes}]}


@pytest.fixture(scope="module")
def vehicle() -> Any:
    return load_vehicle(find("dbc", "gs4"))


@pytest.fixture
def site(vehicle: Any) -> Site:
    return Site(WallClock(), vehicle, random.Random(0))


def test_a_screen_and_a_console_are_fitted_with_their_settings(site: Site, server: Any) -> None:
    unit = {"serial": "FAKE0001", "server": server.address, "stall": "5 s"}
    screen = fit(DRIVERS["screen", "android"])(site, "screen", {**unit, "every": "50 ms", "format": "png"}).port
    console = fit(DRIVERS["console", "logcat"])(site, "console", {**unit, "gaps": "accepted"}).port
    assert isinstance(screen, AndroidScreen)
    assert isinstance(console, LogcatConsole)
    assert screen.stall == console.stall == 5 * S
    site.clock.run_until(site.clock.now() + 100 * MS)
    assert screen.seen_to() > 0
    screen.close()
    console.close()


def test_phones_are_called_by_the_people_of_the_scenarios(site: Site, tmp_path: Path) -> None:
    from fake_adb.android import Android
    from fake_adb.messenger import Messenger, Service
    from fake_adb.server import FakeAdbServer

    service = Service(site.clock.now)
    for name in ("Lin Yue", "Wang Fang"):
        service.backend.add_account(name, name)
    service.backend.befriend("Lin Yue", "Wang Fang")
    phones = [Android("PHONE1"), Android("PHONE2")]
    for phone, name in zip(phones, ("Lin Yue", "Wang Fang"), strict=True):
        Messenger(phone, service, name)
    server = FakeAdbServer(*phones)
    settings = {**PHONE, "server": server.address, "eyes": "dump", "state": str(tmp_path / "logins.json"),
                "look_every": "50 ms"}  # fmt: skip
    port = fit(DRIVERS["phone", "android"])(site, "phone", settings).port
    driver, contact = port.account(DRIVER.account), port.account(CONTACT.account)
    contact.send_text(DRIVER.account, "hello")
    end = site.clock.now() + 10 * S
    while not driver.inbox():
        assert site.clock.now() < end
        site.clock.run_until(site.clock.now() + 20 * MS)
    assert [(m.sender, m.text) for m in driver.inbox()] == [(CONTACT.account, "hello")]
    service.call("register_unit", "HU-1", "key")
    assert port.phone(DRIVER.account).scan(service.call("new_code", "HU-1")).outcome == "accepted"
    assert port.phone(DRIVER.account).confirm().outcome == "accepted"
    assert "Lin Yue" in (tmp_path / "logins.json").read_text()
    port.close()
    server.close()


@pytest.mark.parametrize(
    ("factory", "settings", "told"),
    [
        (drivers_android.screen, {}, "serial.*is missing"),
        (drivers_android.screen, {"serial": "X", "every": 200}, "needs its unit"),
        (drivers_android.screen, {"serial": "X", "format": "jpg"}, "format"),
        (drivers_android.screen, {"serial": "X", "server": "5037"}, "server"),
        (drivers_android.console, {"serial": "X", "buffer": ["main"]}, "Did you mean 'buffers'"),
        (drivers_android.console, {"serial": "X", "gaps": "ignored"}, "gaps"),
        (drivers_android.phone, {"dialog": "generic"}, "accounts.*is missing"),
        (drivers_android.phone, {**PHONE, "dialog": "generik"}, "Did you mean 'generic'"),
        (drivers_android.phone, {**PHONE, "dialog": "none/there.yaml"}, "no such file"),
        (drivers_android.phone, with_wang(serial="PHONE1"), "two accounts have the serial"),
        (drivers_android.phone, with_wang(name="Lin Yue"), "two accounts have the name"),
        (drivers_android.phone, with_wang(role="passenger"), "role"),
        (drivers_android.phone, with_wang(logins_per_day=-1), "logins_per_day"),
    ],
)
def test_wrong_settings_are_told_with_port_key_and_remedy(
    site: Site, factory: Any, settings: dict[str, object], told: str
) -> None:
    with pytest.raises((BadInput, SeveralBadInputs), match=told):
        factory(site, "theport", settings)


def test_a_mouth_that_is_not_there_is_a_fault_of_the_rig(site: Site, tmp_path: Path) -> None:
    settings = {**PHONE, "mouth": "an output nobody has", "state": str(tmp_path / "s.json")}
    with pytest.raises(RigFault, match=r"mouth: .*(lists the outputs|pip install)"):
        drivers_android.phone(site, "phone", settings)


def test_logins_are_counted_where_this_users_programs_keep_state() -> None:
    assert drivers_android.default_state().parts[-2:] == ("headunit-hil", "accounts.json")


def test_the_examples_of_the_reference_are_settings_and_a_dialog(tmp_path: Path) -> None:
    text = (Path(__file__).resolve().parents[2] / "docs/reference/drivers-android.md").read_text(encoding="utf-8")
    blocks = [yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)]
    models = {
        "screen": drivers_android.ScreenSettings,
        "console": drivers_android.LogSettings,
        "phone": drivers_android.PhoneSettings,
    }
    for block, (port, model) in zip(blocks[:3], models.items(), strict=True):
        settings = dict(block[port])
        assert (port, settings.pop("driver")) in DRIVERS
        model.model_validate(settings)
        rows = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`[^|]*)\|", section(text, port), re.MULTILINE))))
        assert set(model.model_fields) == rows
    (tmp_path / "app.yaml").write_text(yaml.safe_dump(blocks[3]), encoding="utf-8")
    assert load_dialog(str(tmp_path / "app.yaml")).actions["confirm"].steps[0].acts


def section(text: str, port: str) -> str:
    """The first table below the heading of ``port``."""
    heading = {"screen": "## Screen", "console": "## Console", "phone": "## Phones"}[port]
    return text.partition(heading)[2].partition("| key |")[2].partition("\n\n")[0]
