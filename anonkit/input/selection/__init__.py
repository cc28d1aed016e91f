"""Which rows of the input a run takes: conditions in SQL, a span of time, a sample, a limit."""
