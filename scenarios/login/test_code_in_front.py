"""The code that one sees is one that works"""

from harness.scenario import S, verifies


@verifies("QR-02")
def test_the_code_in_front_logs_in_when_the_first_one_is_over(head_unit, phone, car, judge):
    """A second after the first code has lost its validity, what is in front is another one, and logs in."""
    first = head_unit.screen.code_in_front()
    since = car.goes_on(1 * S)
    car.goes_on(first.began.t + 301 * S - since.ended.t)
    phone.scans(head_unit.screen.code())
    confirmed = phone.confirms()

    judge("QR-02", head_unit.session.reaches("active", after=confirmed))
