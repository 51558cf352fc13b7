"""A chat of our own for any web site: a small script, and the addresses it talks to."""
