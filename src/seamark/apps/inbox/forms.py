"""Forms of the inbox's settings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from seamark.apps.accounts.meanwhile import RowForm
from seamark.apps.accounts.models import Team
from seamark.apps.inbox.models import CannedWords


class CannedWordsForm(RowForm):
    """A shortcut and what it stands for."""

    shortcut = forms.CharField(label=_("Shortcut"), max_length=30, help_text=_("Typed after a slash: /price"))

    class Meta:
        model = CannedWords
        fields = ("shortcut", "title", "text_en", "text_zh", "team")
        labels = {  # noqa: RUF012
            "title": _("Title"),
            "text_en": _("Words in English"),
            "text_zh": _("Words in Chinese"),
            "team": _("For"),
        }
        widgets = {  # noqa: RUF012
            "text_en": forms.Textarea(attrs={"rows": 3}),
            "text_zh": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        team = self.fields["team"]
        assert isinstance(team, forms.ModelChoiceField)
        team.queryset = Team.objects.order_by("name")
        team.empty_label = str(_("Everybody"))

    def clean_shortcut(self) -> str:
        """A slash before it is forgiven, and spaces, which would end it while it is typed, become hyphens."""
        shortcut = str(slugify(self.cleaned_data["shortcut"], allow_unicode=True))
        if not shortcut:
            raise forms.ValidationError(_("Letters and digits are needed."))
        return shortcut

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not (told.get("text_en") or told.get("text_zh")):
            self.add_error("text_en", _("Write it in at least one language."))
        return told
