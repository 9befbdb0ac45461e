"""Logging in by phone"""

from harness.scenario import verifies


@verifies("QR-02")
def test_scan_and_confirm_log_in(head_unit, phone, judge):
    """Scan and confirm log in; CAN, screen and account agree."""
    phone.scans(head_unit.screen.code())
    confirmed = phone.confirms()

    judge("QR-02", head_unit.session.reaches("active", after=confirmed))
    judge("QR-02", head_unit.screen.shows("home", after=confirmed))
    judge("QR-02", phone.account.session_opens(after=confirmed))


@verifies("QR-04")
def test_a_code_works_once(head_unit, phone, other_phone, judge):
    """A second scan of a used code is refused, also for another account, and changes nothing."""
    code = head_unit.screen.code()
    phone.scans(code)
    confirmed = phone.confirms()
    judge("QR-02", head_unit.session.reaches("active", after=confirmed))

    again = other_phone.scans(code)
    judge("QR-04", other_phone.accepted())
    judge("QR-04", head_unit.session.stays("active", after=again))


@verifies("QR-04")
def test_a_scanned_code_is_taken(head_unit, phone, other_phone, judge):
    """Between scan and confirmation the code belongs to who scanned it."""
    code = head_unit.screen.code()
    phone.scans(code)
    other_phone.scans(code)

    judge("QR-04", other_phone.accepted())


@verifies("QR-05")
def test_refusing_leaves_the_unit_logged_out(head_unit, phone, judge):
    """Refused on the phone: the unit stays logged out and says so."""
    phone.scans(head_unit.screen.code())
    refused = phone.refuses()

    judge("QR-05", head_unit.screen.shows("refused", after=refused))
    judge("QR-05", head_unit.session.never_reaches("active", after=refused))


@verifies("QR-05")
def test_never_confirming_leaves_the_unit_logged_out(head_unit, phone, judge):
    """Scanned and never confirmed: the unit gives up in time, says so and stays logged out."""
    scanned = phone.scans(head_unit.screen.code())

    judge("QR-05", head_unit.screen.shows("expired", after=scanned).measuring("confirm_timeout"))
    judge("QR-05", head_unit.session.never_reaches("active", after=scanned))
