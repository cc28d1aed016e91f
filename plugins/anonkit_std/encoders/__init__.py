"""Output encoders: compression and archives."""
