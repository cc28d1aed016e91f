"""Plugins: the contracts that they keep, the hooks that hand them over, and the registry of those installed."""
