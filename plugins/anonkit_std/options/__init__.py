"""What each plugin of this package can be told. Kept apart from the plugins, so that help costs no import of them."""
