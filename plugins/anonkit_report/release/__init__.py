"""A release folder that explains itself: README, checksums, metadata, one archive."""
