"""The story of a run: setup, the two passes, the audit, publication; and the same engine as a stream."""
