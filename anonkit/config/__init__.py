"""What the user wants: defaults, anonkit.toml, ANONKIT_* variables and flags, resolved into one `Config`."""
