"""Trouble codes of the steering-wheel button"""

from harness.scenario import S, needs, verifies


@verifies("BTN-06")
def test_the_code_of_wrong_frames_matures_and_heals(logged_in, workshop, head_unit, judge):
    """Frames that stay wrong bring a code; when they are right again its test passes by itself."""
    codes = head_unit.trouble_codes
    with workshop.provokes("wheel_invalid") as wrong:
        judge("BTN-06", codes.matures("wheel_invalid", after=wrong))
    judge("BTN-06", codes.heals("wheel_invalid", after=wrong.over))


@verifies("BTN-06")
@needs("button.level")
def test_the_code_of_wrong_frames_heals_when_the_message_was_lost_meanwhile(logged_in, workshop, head_unit, judge):
    """Wrong frames, then none at all, then right ones: the test of wrong frames passes again."""
    codes = head_unit.trouble_codes
    with workshop.provokes("wheel_invalid"):
        codes.waits_for("wheel_invalid", within=15 * S)
        with workshop.provokes("wheel_communication") as lost:
            codes.waits_for("wheel_communication", within=15 * S)
    judge("BTN-06", codes.heals("wheel_invalid", after=lost.over))


@verifies("BTN-07")
def test_the_code_of_a_lost_message_matures_and_heals(logged_in, workshop, head_unit, judge):
    """A wheel message that stays away brings a code; when it is back its test passes by itself."""
    codes = head_unit.trouble_codes
    with workshop.provokes("wheel_communication") as lost:
        judge("BTN-07", codes.matures("wheel_communication", after=lost))
    judge("BTN-07", codes.heals("wheel_communication", after=lost.over))
