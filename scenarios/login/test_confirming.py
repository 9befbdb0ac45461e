"""Between the scan of a code and its confirmation"""

from harness.scenario import verifies


@verifies("QR-02")
def test_the_login_stays_in_front_until_it_is_confirmed(head_unit, phone, judge):
    """Scanned, the code goes and the page of the login stays; confirmed, nobody is told that he is logged out."""
    scanned = phone.scans(head_unit.screen.code())
    judge("QR-02", head_unit.screen.shows_no_code(after=scanned))
    confirmed = phone.confirms()

    judge("QR-02", head_unit.screen.leaves("code", after=confirmed))
    judge("QR-02", head_unit.screen.stays_free_of("logged_out", after=confirmed))
