"""Readers: one module for each format, and what formats of text share."""
