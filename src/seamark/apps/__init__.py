"""The product: one Django app a subject, each importing only from those below it (see `pyproject.toml`)."""
