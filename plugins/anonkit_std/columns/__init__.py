"""Work on whole columns: string buffers, words, leaves of nested types, cells as text."""
