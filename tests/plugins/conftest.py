"""Puts `reporter_kit` where the tests below can import it: pytest adds the folder of a conftest to the path."""
