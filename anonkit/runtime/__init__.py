"""Processes, the files that they share, and signals."""
