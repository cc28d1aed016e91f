"""The command line."""

from anonkit.cli.main import main

__all__ = ["main"]
