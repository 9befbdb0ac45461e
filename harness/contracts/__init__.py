"""Conformance suites: what every driver of a port must keep, usable from any repository."""
