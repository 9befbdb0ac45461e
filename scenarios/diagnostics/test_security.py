"""Security access"""

from harness.scenario import S, verifies


@verifies("DIA-03")
def test_wrong_keys_lock_for_the_delay(head_unit, workshop, judge):
    """The third wrong key locks; no seed before the delay is over; then the right key opens."""
    tried = workshop.tries_wrong_keys()
    judge("DIA-03", tried.lock())

    judge("DIA-03", workshop.waits_for_a_seed(tried).find_it_locked())
    judge("DIA-03", workshop.unlocks().open())


@verifies("DIA-03")
def test_the_lock_survives_the_loss_of_kl30(head_unit, workshop, supply, judge):
    """Pulling the plug does not open the lock: the delay is still to be waited for."""
    tried = workshop.tries_wrong_keys()
    judge("DIA-03", tried.lock())
    cut = supply.is_cut(1 * S)

    judge("DIA-03", workshop.waits_for_a_seed(tried, since=cut).find_it_locked())


@verifies("DIA-03")
def test_the_count_of_wrong_keys_survives_the_loss_of_kl30(head_unit, workshop, supply, judge):
    """Two wrong keys, the plug, and one more: that is three."""
    first = workshop.tries_wrong_keys(2)
    supply.is_cut(1 * S)
    workshop.tries_wrong_keys(4)

    judge("DIA-03", first.lock())


@verifies("DIA-03")
def test_no_level_reads_the_users_data(logged_in, workshop, driver, contact, head_unit, judge):
    """With a user logged in and a message received, no identifier holds a canary at any level."""
    head_unit.prompts(after=contact.sends_voice("ten_minutes.zh"))

    judge("DIA-03", *workshop.reads_everything().hold_no_canary())
