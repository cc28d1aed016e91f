"""The profiles, as TOML."""
