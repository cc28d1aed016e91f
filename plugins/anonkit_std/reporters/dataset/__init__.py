"""The anonymized rows as parquet, with a dictionary of their columns."""
