"""The house around the engine: the database it lives in, and what is wired to what."""
