"""Lines to the outside: channels, consent, the gate and the outbox."""
