"""Operations on whole columns: searching words, changing leaves of nested types, writing cells as text."""
