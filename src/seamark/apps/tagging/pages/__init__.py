"""Pages about tags and rulebooks."""
