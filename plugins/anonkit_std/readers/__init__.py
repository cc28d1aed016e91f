"""Readers: a module for each format, and modules that several formats of text share."""
