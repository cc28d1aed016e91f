"""The row records of one site, or of each, as JSON, JSON lines, CSV or parquet."""
