"""What counts as silence"""

from harness.scenario import verifies


@verifies("MSG-03")
def test_a_faint_voice_keeps_no_recording_open(logged_in, driver, head_unit, judge):
    """Somebody's headphones go on when the driver has said what he wanted: the recording ends all the same."""
    press = driver.press("messaging")
    said = driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=press))
    driver.is_disturbed_by("long_story.zh", after=said.ended)

    judge("MSG-03", head_unit.speaker.plays("end_tone", after=said.ended).measuring("silence_end"))


@verifies("MSG-03")
def test_the_noise_of_the_car_keeps_no_recording_open(logged_in, car, driver, head_unit, judge):
    """Likewise at speed: it is loud in the car, and nobody speaks any more."""
    car.drives_at(120)
    press = driver.press("messaging")
    said = driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=press))

    judge("MSG-03", head_unit.speaker.plays("end_tone", after=said.ended).measuring("silence_end"))
