"""A car that stands, held by the brake"""

from harness.scenario import MS, S, needs, verifies

pytestmark = needs("brake")


@verifies("DRV-06")
def test_who_has_stood_long_enough_may_log_in(head_unit, car, judge):
    """On the brake, whatever the gear, the car is parked once it has stood for its time: a code comes then."""
    car.is_("moving")
    car.shows("brake", "pressed")
    stands = car.shows("speed", 0)
    car.goes_on(1 * S)
    car.shows("gear", "N")

    judge("DRV-06", head_unit.screen.shows_a_code(after=stands).measuring("standstill"))


@verifies("DRV-06")
def test_who_rolled_in_between_has_not_stood(head_unit, car, judge):
    """A car that rolls a little further begins to stand anew."""
    car.is_("moving")
    car.shows("brake", "pressed")
    car.shows("speed", 0)
    car.goes_on(1500 * MS)
    car.shows("speed", 5)
    car.goes_on(1 * S)
    stands = car.shows("speed", 0)

    judge("DRV-06", head_unit.screen.shows_a_code(after=stands).measuring("standstill"))


@verifies("DRV-06")
def test_the_brake_let_go_takes_the_login_away(head_unit, car, judge):
    """Parked by the brake alone, with a code in front: with the brake goes the code."""
    car.is_("moving")
    car.shows("brake", "pressed")
    car.shows("speed", 0)
    head_unit.screen.code()
    released = car.shows("brake", "released")

    judge("DRV-06", head_unit.screen.shows_no_code(after=released))
