"""One module a tokenizer."""
