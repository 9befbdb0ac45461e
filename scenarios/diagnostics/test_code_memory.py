"""What the unit keeps of its trouble codes"""

from harness.scenario import S, verifies


@verifies("DIA-01")
def test_lists_and_numbers_of_codes_agree(logged_in, workshop, head_unit, judge):
    """By whatever status bit codes are listed or counted, the answers agree, while a code fails and afterwards."""
    codes = head_unit.trouble_codes
    with workshop.provokes("undervoltage") as wrong:
        codes.waits_for("undervoltage", within=5 * S)
        judge("DIA-01", codes.lists_agree())

    judge("DIA-01", codes.heals("undervoltage", after=wrong.over), codes.lists_agree())


@verifies("DIA-01")
def test_a_code_cleared_too_early_comes_back(logged_in, workshop, head_unit, judge):
    """Cleared while its fault is there, a code and its snapshot are gone, and the code matures anew."""
    codes = head_unit.trouble_codes
    with workshop.provokes("speed_lost"):
        codes.waits_for("speed_lost", within=5 * S)
        cleared = codes.clears()
        judge("DIA-01", codes.status("speed_lost").is_("cleared"), codes.forgets_snapshot("speed_lost"))
        judge("DIA-01", codes.matures("speed_lost", after=cleared.ended))


@verifies("DIA-01")
def test_one_code_is_cleared_alone(logged_in, workshop, head_unit, judge):
    """Who clears one code leaves the others as they were."""
    codes = head_unit.trouble_codes
    with workshop.provokes("undervoltage"):
        codes.waits_for("undervoltage", within=5 * S)
    with workshop.provokes("overvoltage") as wrong:
        codes.waits_for("overvoltage", within=5 * S)
    judge("DIA-01", codes.heals("overvoltage", after=wrong.over))

    codes.clears("undervoltage")
    judge("DIA-01", codes.status("undervoltage").is_("cleared"), codes.status("overvoltage").is_("healed"))


@verifies("DIA-01")
def test_codes_survive_the_loss_of_kl30(logged_in, car, supply, workshop, head_unit, judge):
    """After the battery was off a code is confirmed as before, and its snapshot is the one of its first failure."""
    codes = head_unit.trouble_codes
    codes.clears()
    with workshop.provokes("undervoltage") as wrong:
        matured = codes.matures("undervoltage", after=wrong)
        judge("DIA-01", matured)
    supply.is_cut(1 * S)
    car.goes_on(15 * S)

    judge("DIA-01", codes.status("undervoltage").is_("next cycle"), codes.snapshot("undervoltage", matured))


@verifies("DIA-01")
def test_a_new_cycle_begins_untested(logged_in, car, workshop, head_unit, judge):
    """With the ignition a new operation cycle begins: before the enabling delay is over nothing has been tested."""
    codes = head_unit.trouble_codes
    with workshop.provokes("undervoltage"):
        codes.waits_for("undervoltage", within=5 * S)
    car.stops()
    car.goes_on(3 * S)
    car.starts()
    car.goes_on(1 * S)

    judge("DIA-01", codes.status("undervoltage").is_("not tested"))
