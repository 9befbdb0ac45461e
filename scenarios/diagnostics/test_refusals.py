"""Requests that are wrong"""

import pytest

from harness.scenario import verifies


@verifies("DIA-02")
@pytest.mark.parametrize("addressing", ["physical", "functional"])
def test_wrong_requests_are_refused_by_the_table(logged_in, workshop, head_unit, judge, addressing):
    """Unknown services, wrong lengths and wrong order are refused as the standard says, and nothing else happens."""
    asked = workshop.asks_wrongly(addressing)

    judge("DIA-02", asked.are_answered_by_the_table(), asked.are_answered_in_time())
    judge("DIA-02", head_unit.app.stays("idle", after=asked), head_unit.session.stays("active", after=asked))


@verifies("DIA-02")
def test_frames_that_are_no_requests_disturb_nothing(logged_in, workshop, head_unit, judge):
    """Frames out of order are ignored, and the next question is answered."""
    asked = workshop.sends_nonsense()

    judge("DIA-02", asked.are_answered_by_the_table())
    judge("DIA-02", head_unit.app.stays("idle", after=asked), head_unit.session.stays("active", after=asked))


@verifies("DIA-02")
def test_what_a_tester_breaks_off_is_forgotten(logged_in, workshop, head_unit, judge):
    """The rest of a broken-off request or answer comes too late for anything; who asks anew is answered."""
    asked = workshop.breaks_off()

    judge("DIA-02", asked.are_answered_as_they_should())
    judge("DIA-02", head_unit.app.stays("idle", after=asked), head_unit.session.stays("active", after=asked))


@verifies("DIA-02")
def test_right_requests_are_answered_to_the_byte(logged_in, workshop, head_unit, judge):
    """Where the standard leaves nothing open, the answer to a right request is that one and no byte more."""
    asked = workshop.asks_what_has_one_answer()

    judge("DIA-02", asked.are_answered_as_they_should(), asked.are_answered_in_time())


@verifies("DIA-02")
def test_a_moving_car_is_neither_reset_nor_reprogrammed(logged_in, car, workshop, head_unit, judge):
    """While the car moves a reset and the programming session are refused, and the unit goes on."""
    car.is_("moving")
    asked = workshop.asks_a_driving_unit_to_restart()

    judge("DIA-02", asked.are_answered_as_they_should(), asked.are_answered_in_time())
    judge("DIA-02", head_unit.app.stays("idle", after=asked), head_unit.session.stays("active", after=asked))


@verifies("DIA-02")
def test_a_parked_car_is_reprogrammed(head_unit, car, workshop, judge):
    """Parked, the programming session opens, and the unit tells that it is in it."""
    car.is_("parked")
    asked = workshop.asks_a_parked_unit_to_be_programmed()

    judge("DIA-02", asked.are_answered_as_they_should(), asked.are_answered_in_time())
