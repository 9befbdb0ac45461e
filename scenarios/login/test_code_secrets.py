"""What a login code is made of"""

from harness.bench.codes import codes_of_the_service
from harness.scenario import S, verifies


@verifies("QR-06")
def test_codes_on_the_screen_cannot_be_guessed(head_unit, car, judge):
    """The codes on the screen lead to the service and differ, and chance drew them."""
    codes = head_unit.screen.codes(car.count("QR-06.shown"))

    judge("QR-06", codes.lead_to_the_service(), codes.differ())
    judge("QR-06", *codes.are_even())


@verifies("QR-06")
def test_codes_tell_nothing_of_the_last_driver(logged_in, car, head_unit, judge):
    """The codes that the next person sees hold nothing of who was logged in before."""
    car.happens("driver_leaves")
    car.goes_on(10 * S)
    car.happens("driver_returns")
    codes = head_unit.screen.codes(3)

    judge("QR-06", codes.tell_nothing(), codes.lead_to_the_service())


@verifies("QR-06")
def test_a_thousand_codes_cannot_be_guessed(world, car, judge):
    """As many codes as the requirement asks for differ, and chance drew them."""
    codes = codes_of_the_service(world, car.samples("QR-06"))

    judge("QR-06", codes.lead_to_the_service(), codes.differ(), codes.tell_nothing())
    judge("QR-06", *codes.are_even())
