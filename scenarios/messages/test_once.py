"""What the unit hears of twice"""

from harness.scenario import S, needs, verifies


@verifies("MSG-09")
@needs("network")
def test_a_message_counts_once_however_often_it_is_told(logged_in, contact, network, head_unit, judge):
    """A message has come and the network goes and returns: it is the same one, and waits once."""
    sent = contact.sends_voice("ten_minutes.zh")
    head_unit.prompts(after=sent)
    network.drops()
    network.stays_down(3 * S)
    back = network.returns()

    judge("MSG-09", head_unit.unread.agrees_with_the_account(after=back))
