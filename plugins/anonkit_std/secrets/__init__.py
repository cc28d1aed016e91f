"""Recognising passwords, tokens and keys in text, and blanking them."""
