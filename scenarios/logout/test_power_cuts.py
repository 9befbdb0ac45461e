"""The battery is disconnected, at any moment"""

from harness.scenario import sweeps, verifies


@verifies("OUT-07")
@sweeps("OUT-07")
def test_power_is_lost_while_logging_in(power_cuts, judge):
    """KL30 goes at every moment from scan to session: logged out afterwards, or the session is whole."""
    cuts = power_cuts.over("login")

    judge("OUT-07", cuts.are_close_together(), cuts.leave_nothing_half(), cuts.are_settled_in_time())


@verifies("OUT-07")
@sweeps("OUT-07")
def test_power_is_lost_while_sending(power_cuts, judge):
    """KL30 goes at every moment of a message: it arrives once or is reported unsent; the session is whole or over."""
    cuts = power_cuts.over("message")

    judge("OUT-07", cuts.are_close_together(), cuts.leave_nothing_half(), cuts.are_settled_in_time())
    judge("OUT-07", cuts.deliver_once_or_say_so())


@verifies("OUT-07")
@sweeps("OUT-07")
def test_power_is_lost_while_leaving(power_cuts, judge):
    """KL30 goes at every moment of leaving: the next driver finds nobody logged in."""
    cuts = power_cuts.over("logout")

    judge("OUT-07", cuts.are_close_together(), cuts.leave_nothing_half(), cuts.are_settled_in_time())
    judge("OUT-07", cuts.leave_nobody_logged_in())
