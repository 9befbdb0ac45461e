"""What the unit says it is"""

import pytest

from harness.scenario import S, verifies


@verifies("DIA-01")
def test_the_unit_tells_what_it_is(head_unit, workshop, judge):
    """Software version, serial number and active session can be read, each answer in time."""
    asked = workshop.reads_what_the_unit_is()

    judge("DIA-01", asked.tell_what_they_should(), asked.are_answered_in_time())


@verifies("DIA-01")
def test_several_identifiers_are_told_at_once(head_unit, workshop, judge):
    """Asked for in one request, identifiers are told as each alone, in the order they were asked for."""
    asked = workshop.reads_several_at_once()

    judge("DIA-01", asked.are_answered_as_they_should(), asked.are_answered_in_time())


@verifies("DIA-01")
def test_what_the_unit_has_is_told_beside_what_it_has_not(head_unit, workshop, judge):
    """Asked for in one request with identifiers that nobody has, those that the unit has are told all the same."""
    asked = workshop.reads_some_that_it_has_not()

    judge("DIA-01", asked.are_answered_as_they_should(), asked.are_answered_in_time())


@verifies("DIA-01")
@pytest.mark.parametrize("session", ["default", "extended"])
def test_the_unit_tells_in_which_time_it_answers(head_unit, workshop, judge, session):
    """Who begins a session is told the times to wait for an answer, and the first is no longer than it may be."""
    begun = workshop.begins_a_session(session)

    judge("DIA-01", begun.tell_the_time_for_an_answer())


@verifies("DIA-01")
@pytest.mark.parametrize("session", ["default", "extended"])
def test_the_active_session_is_the_one_that_was_asked_for(head_unit, workshop, judge, session):
    """After a change of the diagnostic session the unit tells that one."""
    asked = workshop.reads_the_active_session(session)

    judge("DIA-01", asked.tell_what_they_should(), asked.are_answered_in_time())


@verifies("DIA-01")
def test_a_session_left_alone_ends_by_itself(head_unit, workshop, car, judge):
    """Without a tester the extended session ends after its five seconds, and the default one is told."""
    workshop.enters("extended")
    car.goes_on(6 * S)
    asked = workshop.reads_what_the_unit_is()

    judge("DIA-01", asked.tell_what_they_should())
