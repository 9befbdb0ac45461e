"""Gateways before the ports of a rig: something wrong between unit and bench, put there on purpose."""
