"""The transforms, a module each: they work on rows in which identities are tokens already."""
