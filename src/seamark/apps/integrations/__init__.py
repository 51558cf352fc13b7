"""One folder for each vendor; nothing of a vendor's stands elsewhere."""
