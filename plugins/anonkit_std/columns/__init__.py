"""Work on whole columns: words, leaves of nested types, cells as text."""
