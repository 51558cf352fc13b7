"""Forms about contacts and their fields."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from seamark.apps.accounts.meanwhile import RowForm
from seamark.apps.contacts.models import Field


class _Lines(forms.CharField):
    """Texts, one a line."""

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


class FieldForm(RowForm):
    """A field of the catalogue. Its name and type are for good: events and rulebooks go by them."""

    choices = _Lines(
        label=gettext_lazy("Choices"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("One a line. A value that is no longer among them stays where it is."),
    )

    class Meta:
        model = Field
        fields = ("title_en", "title_zh", "name", "type", "currency", "choices", "mask", "is_required")
        labels = {  # noqa: RUF012
            "title_en": gettext_lazy("Title in English"),
            "title_zh": gettext_lazy("Title in Chinese"),
            "name": pgettext_lazy("of a thing", "Name"),
            "type": gettext_lazy("Type"),
            "currency": gettext_lazy("Currency"),
            "mask": gettext_lazy("Who sees it in full"),
            "is_required": gettext_lazy("Every contact should have it"),
        }
        help_texts = {  # noqa: RUF012
            "name": gettext_lazy(
                "What rulebooks call it: contact.name. Small letters, digits and underscores; it stays."
            ),
            "type": gettext_lazy("It stays, too."),
            "currency": gettext_lazy("Three letters such as CNY; all amounts of the field are in it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.RegexField(
            r"^[a-z][a-z0-9_]*$",
            label=self.fields["name"].label,
            help_text=self.fields["name"].help_text,
            max_length=60,
            error_messages={"invalid": _("Small letters, digits and underscores, a letter first.")},
        )
        if self.instance.pk:
            del self.fields["name"], self.fields["type"]
        kind = self.instance.type if self.instance.pk else None
        if kind and kind not in (Field.Type.MONEY, Field.Type.RANGE):
            del self.fields["currency"]
        if kind and kind != Field.Type.CHOICE:
            del self.fields["choices"]

    def clean_currency(self) -> str:
        written: str = self.cleaned_data["currency"].upper()
        if written and not (len(written) == 3 and written.isascii() and written.isalpha()):
            raise forms.ValidationError(_("A currency has three letters, such as CNY."))
        return written

    def clean_choices(self) -> list[str]:
        lines = (line.strip()[:100] for line in self.cleaned_data["choices"].splitlines())
        return list(dict.fromkeys(filter(None, lines)))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        type_ = given.get("type", self.instance.type)
        if type_ == Field.Type.CHOICE and not given.get("choices"):
            self.add_error("choices", _("There has to be something to choose."))
        if type_ == Field.Type.MONEY and not given.get("currency"):
            self.add_error("currency", _("Money is in a currency."))
        return given
