"""Arrow arrays as the buffers that they are: offsets, segments of text, nested types. Plugins may import it."""
