"""The output folder: staging, publishing, the manifest."""
