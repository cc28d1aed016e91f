"""Finding and replacing identities in columns of text."""
