"""What a place is called"""

from harness.scenario import verifies

AIRPORT = "31.1434,121.8052,浦东机场 Pudong Airport, Terminal 1, Arrivals"
STATION = "31.1434,121.8052,虹桥火车站 Hongqiao Station, Terminal 1, Arrivals"


@verifies("MSG-13")
def test_navigation_names_the_whole_place(logged_in, contact, driver, head_unit, judge):
    """Two places whose names begin differently and end alike can be told from each other on the screen."""
    taken = []
    for place in (AIRPORT, STATION):
        sent = contact.sends("location", place)
        head_unit.prompts(after=sent)
        taken.append(driver.press("messaging"))
        head_unit.comes_to_rest(after=taken[-1])

    judge("MSG-13", head_unit.screen.differs_between(*taken).measuring("place_shown"))
