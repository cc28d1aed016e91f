"""One module a reporter."""
