"""How signing in differs from allauth's own way."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class MembersAreInvited(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves; an administrator adds members."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
