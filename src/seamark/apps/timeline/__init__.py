"""What happened: deliveries as they came, and the events read from them, never edited."""
