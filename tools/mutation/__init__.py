"""Mutation testing of the simulated unit by the scenarios, and of the judging code by the unit tests.

What a mutant is says mutmut (its operators over a libcst tree); this package leaves out what cannot behave, draws a
sample, runs each mutant in a forked process against the tests that execute its line, and says how many were seen.
"""
