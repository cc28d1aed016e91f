"""The options of each plugin, apart from the plugins, so that help imports none of them."""
