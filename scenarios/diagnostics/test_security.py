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
def test_a_lock_that_is_over_stays_so(head_unit, workshop, supply, judge):
    """Whoever has waited for the delay has waited: the loss of KL30 does not lock the unit again."""
    workshop.waits_for_a_seed(workshop.tries_wrong_keys())
    supply.is_cut(1 * S)

    judge("DIA-03", workshop.unlocks().open())


@verifies("DIA-03")
def test_the_count_of_wrong_keys_survives_the_loss_of_kl30(head_unit, workshop, supply, judge):
    """Two wrong keys, the plug, and one more: that is three."""
    first = workshop.tries_wrong_keys(2)
    supply.is_cut(1 * S)
    workshop.tries_wrong_keys(4)

    judge("DIA-03", first.lock())


@verifies("DIA-03")
def test_the_right_key_forgets_the_wrong_ones(head_unit, workshop, judge):
    """Two wrong keys and the right one: from then on it takes three again to lock."""
    workshop.tries_wrong_keys(2)
    judge("DIA-03", workshop.unlocks().open())
    again = workshop.tries_wrong_keys()

    judge("DIA-03", again.lock())


@verifies("DIA-03")
def test_what_is_guarded_opens_only_with_the_key(head_unit, workshop, judge):
    """Without a key, with an old or wrong one, and once its session is over, nothing guarded is read or written."""
    asked = workshop.asks_without_the_key()

    judge("DIA-03", asked.are_answered_as_they_should())


@verifies("DIA-03")
def test_what_is_written_with_the_key_is_kept(head_unit, workshop, supply, judge):
    """With the right key what is guarded can be read and written; what was written is there after the loss of KL30."""
    written = workshop.writes_with_the_key()
    judge("DIA-03", written.are_answered_as_they_should())
    supply.is_cut(1 * S)

    judge("DIA-03", workshop.reads_again(written).tell_what_they_should().measuring("access_mismatches"))


@verifies("DIA-03")
def test_no_level_reads_the_users_data(logged_in, workshop, driver, contact, head_unit, judge):
    """With a user logged in and a message received, no identifier holds a canary at any level."""
    head_unit.prompts(after=contact.sends_voice("ten_minutes.zh"))

    judge("DIA-03", *workshop.reads_everything().hold_no_canary())
