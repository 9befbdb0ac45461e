"""Logging in where the network comes and goes"""

from harness.scenario import S, needs, verifies


@verifies("QR-07")
def test_without_network_there_is_a_notice(cold, head_unit, network, judge):
    """Started without network: a notice and no code; with the network the code comes by itself."""
    network.drops()
    started = cold.starts()
    judge("QR-07", head_unit.screen.shows("no_network", after=started).measuring("latency_cold"))
    judge("QR-07", head_unit.screen.stays_without_code(after=started))
    network.stays_down(20 * S)
    back = network.returns()

    judge("QR-07", head_unit.screen.shows_a_code(after=back))


@verifies("QR-07")
def test_a_code_does_not_outlive_the_network(head_unit, network, judge):
    """The network goes while a code is shown, twice: the code goes with it, and each time a new one comes with it."""
    dead = head_unit.screen.code()
    network.drops()
    network.stays_down(5 * S)
    network.returns()
    head_unit.screen.code()
    gone = network.drops()
    judge("QR-07", head_unit.screen.shows_no_code(after=gone), head_unit.screen.shows("no_network", after=gone))
    network.stays_down(5 * S)
    back = network.returns()

    judge("QR-07", head_unit.screen.shows_another_code(than=dead, after=back))


@verifies("QR-07")
def test_the_bus_knows_that_the_code_went_with_the_network(head_unit, network, judge):
    """The network goes while a code is shown: on the bus, too, there is none any more."""
    head_unit.screen.code()
    gone = network.drops()

    judge("QR-07", head_unit.session.reaches("logged_out", after=gone))


@verifies("QR-09")
def test_a_login_on_another_car_ends_this_session(logged_in, contact, head_unit, judge):
    """The account logs in elsewhere: bus, screen and service agree that it is over here, and no message comes."""
    elsewhere = logged_in.logs_in_elsewhere()

    judge("QR-09", head_unit.session.reaches("logged_out", after=elsewhere))
    judge("QR-09", head_unit.screen.shows("logged_out", after=elsewhere))
    sent = contact.sends_voice("ten_minutes.zh")
    judge("QR-09", head_unit.app.never_reaches("prompt", after=sent))


@verifies("QR-09")
@needs("head_unit.session")
def test_a_login_on_another_car_ends_the_session_of_a_parked_one(logged_in, car, head_unit, judge):
    """Parked, and awake only because other nodes are, the unit is told all the same that it is over here."""
    car.stops()
    car.goes_on(30 * S)
    elsewhere = logged_in.logs_in_elsewhere()

    judge("QR-09", head_unit.session.reaches("logged_out", after=elsewhere))


@verifies("QR-09")
def test_a_login_on_another_car_is_noticed_when_the_network_returns(logged_in, network, head_unit, judge):
    """The account logs in elsewhere while this unit has no network: it is over here as soon as it is back."""
    network.drops()
    network.stays_down(5 * S)
    logged_in.logs_in_elsewhere()
    network.stays_down(5 * S)
    back = network.returns()

    judge("QR-09", head_unit.session.reaches("logged_out", after=back))


@verifies("QR-10")
def test_no_secret_leaves_the_unit(head_unit, phone, car, contact, driver, judge):
    """From login over messages to logout neither code, token nor account is anywhere to be found."""
    secrets = head_unit.secrets(phone, head_unit.logs_in(phone))
    head_unit.prompts(after=contact.sends_voice("ten_minutes.zh"))
    head_unit.comes_to_rest(after=driver.press("messaging"))
    press = driver.press("messaging")
    driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=press))
    head_unit.sends(after=press)
    judge("QR-10", secrets.in_diagnostics())
    head_unit.logs_out(after=car.happens("driver_leaves"))

    judge("QR-10", secrets.on_the_console(), secrets.on_the_buses(), secrets.in_diagnostics())
    judge("QR-10", secrets.in_our_reports())


@verifies("QR-10")
@needs("microphone", "network")
def test_an_error_gives_no_secret_away(head_unit, phone, network, driver, judge):
    """What is said while the network is gone cannot be sent at once; nothing of that tells a secret."""
    secrets = head_unit.secrets(phone, head_unit.logs_in(phone))
    network.drops()
    press = driver.press("messaging")
    driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=press))
    network.stays_down(10 * S)
    network.returns()
    head_unit.sends(after=press)

    judge("QR-10", secrets.on_the_console(), secrets.on_the_buses())
