"""The shapes that are claimed and not yet right: one leaves the list with the change that makes it right."""

NOT_YET = (
    "disguised full name, hex",
    "disguised full name, base64",
    "disguised full name, reversed",
    "nobody, unknown address",
)
