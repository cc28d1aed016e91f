"""The command and environment report."""
