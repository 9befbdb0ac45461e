"""The tamper campaign: everything we can think of to get a changed pack past ``verify``."""
