"""The unit's votes to keep the buses awake"""

import pytest

from harness.bench.network_votes import another_node_votes
from harness.scenario import MS, S, verifies


@verifies("NET-01")
def test_running_the_unit_votes_to_stay_awake(logged_in, car, head_unit, judge):
    """While the ignition is on the unit's network management is there, frame after frame."""
    judge("NET-01", head_unit.network_management.keeps_voting(since=car.goes_on(10 * S)))


@verifies("NET-01")
def test_starting_the_unit_votes_to_stay_awake(cold, head_unit, judge):
    """Soon after its first frame, long before it has started, the unit's votes keep the bus awake."""
    started = cold.starts()
    cold.goes_on(10 * S)

    judge("NET-01", head_unit.network_management.votes_as_long_as_it_talks(since=started))


@verifies("NET-01")
def test_woken_by_the_bus_the_unit_votes_while_it_starts(cold, head_unit, judge):
    """Nobody has asked it to run: it votes from soon after its first frame all the same, and until it has started."""
    woken = cold.stops()
    cold.goes_on(10 * S)

    judge("NET-01", head_unit.network_management.votes_as_long_as_it_talks(since=woken))


@verifies("PWR-03")
def test_kept_awake_by_others_the_unit_casts_no_vote(logged_in, car, head_unit, judge):
    """Awake only because others are, the unit does not keep them awake in its turn."""
    over = car.stops().ended.shifted(car.limit_ns("PWR-03.latency"))

    judge("PWR-03", head_unit.network_management.stays_silent(after=over))


@verifies("PWR-03")
def test_its_votes_ask_the_others_for_nothing(asleep, head_unit, judge):
    """Woken by the ignition, running and in its post-run, the unit's votes ask nothing of the other nodes."""
    started = asleep.starts()
    asleep.goes_on(5 * S)
    asleep.stops()
    asleep.goes_on(5 * S)

    judge("PWR-03", head_unit.network_management.asks_nothing(since=started))


@verifies("PWR-03")
def test_woken_by_others_it_asks_them_for_nothing(asleep, head_unit, judge):
    """Woken by the bus, the unit says that it is there, and no more."""
    woken = asleep.stops()
    asleep.goes_on(10 * S)

    judge("PWR-03", head_unit.network_management.asks_nothing(since=woken))


@verifies("PWR-03")
@pytest.mark.parametrize("woken", ["by the ignition", "by the bus"])
def test_its_votes_say_who_woke_the_bus(asleep, head_unit, judge, woken):
    """Where network management can tell it: the unit says that it woke the bus itself when it did, and only then."""
    itself = woken == "by the ignition"
    since = asleep.starts() if itself else asleep.stops()
    asleep.goes_on(5 * S)

    judge("PWR-03", head_unit.network_management.says_who_woke_the_bus(since, itself=itself))


@verifies("NET-01")
@pytest.mark.parametrize("woken", ["by the ignition", "by the bus"])
def test_its_first_votes_come_in_quick_succession(asleep, head_unit, judge, woken):
    """Whoever has woken the bus: nobody can miss that the unit needs it."""
    since = asleep.starts() if woken == "by the ignition" else asleep.stops()
    asleep.goes_on(5 * S)

    judge("NET-01", head_unit.network_management.begins_quickly(since))


@verifies("NET-01")
@pytest.mark.parametrize("quiet", [1800 * MS, 2200 * MS, 2600 * MS, 3 * S])
def test_a_bus_that_comes_back_is_told_quickly_who_is_there(logged_in, car, head_unit, judge, quiet):
    """On its way to sleep or asleep, the unit enters the network anew when others do, and says so at once."""
    car.stops()
    car.goes_on(30 * S)
    car.falls_silent()
    car.goes_on(quiet)
    back = car.stops()
    car.goes_on(5 * S)

    judge("NET-01", head_unit.network_management.begins_quickly(since=back))


@verifies("PWR-03")
@pytest.mark.parametrize("quiet", [1 * S, 1800 * MS, 2200 * MS, 2600 * MS, 3 * S])
def test_a_bus_that_comes_back_while_the_unit_falls_asleep(logged_in, car, head_unit, judge, quiet):
    """At whatever moment of falling asleep the bus is needed again: the unit talks again, and sleeps with it later."""
    car.stops()
    car.goes_on(30 * S)
    car.falls_silent()
    car.goes_on(quiet)
    back = car.stops()
    car.goes_on(20 * S)
    judge("NET-01", *head_unit.own_messages.keep_time(since=back.ended.shifted(10 * S)))
    judge("PWR-03", head_unit.current.falls_to_sleep(after=car.falls_silent()))


@verifies("NET-01", "PWR-03")
def test_a_bus_that_comes_back_in_time_is_not_kept_awake(logged_in, car, head_unit, judge):
    """Needed again before the unit sleeps: it says that it is there and votes no more; it has nothing to start."""
    car.stops()
    car.goes_on(30 * S)
    car.falls_silent()
    car.goes_on(2 * S)
    back = car.stops()
    car.goes_on(3 * S)

    judge("NET-01", head_unit.network_management.begins_quickly(since=back))
    judge("PWR-03", head_unit.network_management.stays_silent(after=back.ended.shifted(3 * S)))


@verifies("PWR-03")
def test_only_votes_keep_the_unit_awake(logged_in, car, head_unit, judge):
    """Parked and locked, with others that go on sending and no longer vote, the unit falls asleep all the same."""
    last_vote = car.happens("car_sleeps")

    judge("PWR-03", head_unit.current.falls_to_sleep(after=last_vote))


@verifies("NET-01")
def test_the_vote_of_any_node_keeps_the_unit_talking(world, logged_in, car, head_unit, judge):
    """As long as one node votes, whichever it is, the unit keeps its beat."""
    car.stops()
    car.falls_silent()
    another_node_votes(world)
    car.goes_on(30 * S)

    judge("NET-01", *head_unit.own_messages.keep_time(since=car.goes_on(30 * S)))
