"""The tables of the presets that come with anonkit, a file each: in `[presets.NAME]` as users write them."""
