"""Readers: files from outside become raw rows in the shape of event files."""
