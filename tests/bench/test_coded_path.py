"""Speech coded in the path: which codec is data of rig and car, and the limits of a message hold through it."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from harness.bench.car import Car
from harness.bench.driver import Driver
from harness.bench.head_unit import HeadUnit
from harness.bench.people import CONTACT, DRIVER
from harness.bench.phones import Contact, Phone
from harness.bench.routines import boots
from harness.bench.world import World
from harness.foundation.errors import BadInput
from harness.foundation.journal import Journal
from harness.foundation.values import Verdict
from harness.phone.codecs import codec
from harness.rig.load import load_rig
from harness.rig.rig import open_rig


def opened(read, tmp_path, phone: str, unit: str) -> World:
    rig, vehicle, catalogue, library = read
    text = rig.path.read_text(encoding="utf-8")
    assert "phone:   {driver: memory}" in text
    file = tmp_path / "coded.yaml"
    file.write_text(text.replace("phone:   {driver: memory}", f"phone:   {{driver: memory, codec: {phone}}}"))
    coded = replace(vehicle, unit={**vehicle.unit, "voice_codec": unit})
    ports = open_rig(load_rig(file), coded, random.Random(5))
    return World(ports, catalogue, library, Journal(tmp_path / "journal.jsonl"), random.Random(6))


@pytest.mark.parametrize("name", ["amr-nb", "silk"])
def test_a_message_keeps_its_limits_both_ways_through(read, tmp_path, name: str) -> None:
    try:
        codec(name)
    except ValueError as why:
        pytest.skip(str(why))
    world = opened(read, tmp_path, name, name)
    try:
        unit, driver, contact = HeadUnit(world), Driver(world), Contact(world, CONTACT.account, DRIVER.account)
        boots(world, Car(world))
        unit.logs_in(Phone(world, DRIVER.account))
        press = driver.press("messaging")
        said = driver.says("ten_minutes.zh", after=unit.speaker.plays("chime", after=press))
        heard = contact.inbox.message(after=said.ended)
        assert heard.message.codec == name
        assert heard.message.rate == codec(name).RATE
        world.judge("MSG-01", heard.onset_loss(said), heard.end_loss(said))
        world.judge("MSG-02", heard.level_change(said), heard.snr(said), heard.gaps(said), heard.stoi(said))
        world.judge("MSG-02", heard.clipping(said), heard.drift(said), heard.slips(said), heard.stoi_drop(said))
        unit.comes_to_rest(after=None)
        sent = contact.sends_voice("call_me_later.en")
        assert world.ports.service.account(DRIVER.account).inbox()[-1].codec == name
        unit.prompts(after=sent)
        press = driver.press("messaging")
        quality = unit.speaker.quality
        world.judge("MSG-06", unit.speaker.message_is("call_me_later.en", after=press))
        world.judge("MSG-06", quality.stoi("call_me_later.en", after=press), quality.gaps("call_me_later.en", press))
        wrong = [c.reason for c in world.judge.checks if c.verdict is not Verdict.PASS]
        assert wrong == []
        narrow = [c.limit.low for c in world.judge.checks if c.measurement.quantity == "stoi_narrow"]
        assert narrow == ([0.85] if name == "amr-nb" else [])
    finally:
        world.close()
        world.journal.close()


def test_an_unknown_codec_of_a_rig_is_named(read, tmp_path) -> None:
    with pytest.raises(BadInput, match="opus"):
        opened(read, tmp_path, "opsu", "opus")
