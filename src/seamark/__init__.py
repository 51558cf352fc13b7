"""Seamark: tags that are true now, for every customer of a team that sells by chat."""

__version__ = "0.1.0"
