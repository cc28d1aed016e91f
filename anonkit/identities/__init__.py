"""Identities: finding them in the rows (survey, mentions), numbering them, and the table of their tokens."""
