"""The transforms, a module each: they work on rows whose identities are tokens already."""
