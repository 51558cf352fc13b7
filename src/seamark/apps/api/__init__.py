"""The way in and out for other systems: REST under `/api/v1`, and webhooks that tell of changes."""
