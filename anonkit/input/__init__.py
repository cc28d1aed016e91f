"""The input: files, columns and their roles, and batches of rows with unified types."""
