"""The test report on paper: one run folder to one PDF/A-3b that somebody signs, in Chinese and in English.

Theory. Everything on it comes from three places, and each field says which: the run folder (what was measured), the
laboratory's own file ``reports/lab.yaml`` (who, where, for whom), and the report itself (numbers, statements). What is
missing is listed on a page of its own; nothing is made up. Python decides what is said and turns every figure into
text; the typst template in ``reports/templates`` only lays it out. Same run, same bytes: no clock is read.
"""
