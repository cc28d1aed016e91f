"""Identities: learning them from the rows (survey, mentions), numbering them, and the table of their tokens."""
