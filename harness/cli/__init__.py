"""The command line: a supervisor of runs, checks of what people write, coverage, reports."""
