"""Drivers of loop rigs: the simulated unit in another process, its plugs as real interfaces of this machine."""

from __future__ import annotations

from harness.foundation.errors import BadInput
from harness.rig.drivers import Fitted, Site
from harness.rig.settings import Settings, checked
from harness.vehicle.quantities import Duration


class ScreenSettings(Settings):
    """``url``: where the pictures come from ("plant:screen"). ``stall``: how long they may be missing."""

    url: str
    stall: Duration = 1_000_000_000


def no_audio(site: Site, name: str, settings: dict[str, object]) -> Fitted:
    """The declared absence of sound."""
    from harness.audio.none import NoAudio

    return Fitted(NoAudio())


def screen(site: Site, name: str, settings: dict[str, object]) -> Fitted:
    from harness.judging.views import codes_on
    from harness.screen.http_still import HttpStill

    s = checked(ScreenSettings, "screen", settings)
    # codes are read where the pictures are fetched: the bus cannot wait for it
    return Fitted(HttpStill(site.clock, s.url, codes_on, stall=s.stall))


def phone(site: Site, name: str, settings: dict[str, object]) -> Fitted:
    """The service at ``url``; who is there in every case joins it."""
    from harness.bench.people import PEOPLE
    from harness.phone.http import HttpService
    from harness.rig.embedded import codec_of

    service = HttpService(site.clock, _text("phone", settings, "url"), codec_of(settings))
    for person in PEOPLE:
        service.add_account(person.account, person.name)
    for person in PEOPLE:
        for friend in person.contacts:
            service.befriend(person.account, friend)
    return Fitted(service)


def network(site: Site, name: str, settings: dict[str, object]) -> Fitted:
    from harness.network.line import LineNetwork

    host, _, port = _text("network", settings, "address").rpartition(":")
    return Fitted(LineNetwork(site.clock, host, int(port)))


def _text(port: str, settings: dict[str, object], key: str) -> str:
    value = settings.get(key)
    if not isinstance(value, str):
        raise BadInput(port, None, f"{key}: {value}", "an address is missing there", f"Write '{key}: plant:{port}'.")
    return value
