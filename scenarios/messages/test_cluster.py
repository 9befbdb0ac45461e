"""What the cluster is asked to show"""

from harness.scenario import S, needs, verifies

pytestmark = needs("head_unit.cluster")


@verifies("MSG-05")
def test_the_cluster_is_asked_to_show_a_message(logged_in, contact, head_unit, judge):
    """A message that comes is announced by the second display too, and the request ends with the prompt."""
    sent = contact.sends("text", "晚上八点在老地方见面")

    judge("MSG-05", head_unit.cluster.reaches("new_message", after=sent))
    judge("MSG-05", head_unit.cluster.never_reaches("incoming_call", after=sent))


@verifies("MSG-05")
def test_the_cluster_is_asked_for_each_message(logged_in, contact, car, head_unit, judge):
    """The second message is announced like the first one, also when nobody answered that."""
    first = contact.sends("text", "嗯")
    head_unit.comes_to_rest(after=first)
    car.goes_on(2 * S)
    second = contact.sends("text", "晚上八点在老地方见面")

    judge("MSG-05", head_unit.cluster.reaches("new_message", after=second))


@verifies("CALL-01")
def test_the_cluster_is_asked_to_show_a_call(logged_in, contact, head_unit, judge):
    """A call is announced by the second display too, as long as it rings."""
    call = contact.calls()
    judge("CALL-01", head_unit.cluster.reaches("incoming_call", after=call))
    gone = contact.hangs_up()

    judge("CALL-01", head_unit.cluster.reaches("none", after=gone))
