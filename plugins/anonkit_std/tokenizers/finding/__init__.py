"""Recognising identities in columns of text, one module for each kind of evidence."""
