"""Forms of settings that several members may have open at once: the later is told what the earlier changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from seamark.apps.accounts.models import Deed

Values = Mapping[str, Any]
"""What is set, by the name of its field; what is not is None."""


class Meanwhile(forms.BaseForm):
    """What a form is that brings along what was set when it was drawn.

    Whoever saves asks `accepts` first, while nobody else can change it (`organisation.alone_with`, `is_accepted`).
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["was"] = forms.CharField(widget=forms.HiddenInput, required=False)

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """Of what stands in the form, once all its fields are there."""
        if field_name == "was" and "was" not in self.initial:
            own = {name: super(Meanwhile, self).get_initial_for_field(each, name) for name, each in self._own.items()}
            return self.packed(self._as_shown(own))
        return super().get_initial_for_field(field, field_name)

    @property
    def _own(self) -> dict[str, forms.Field]:
        return {name: field for name, field in self.fields.items() if name != "was"}

    def _as_shown(self, values: Values) -> dict[str, Any]:
        """As the form shows them: texts, and whether boxes have their ticks."""
        own = {name: field.prepare_value(values[name]) for name, field in self._own.items() if name in values}
        return {name: value if isinstance(value, bool) else _text(value) for name, value in own.items()}

    @property
    def given(self) -> dict[str, Any]:
        """What is to be set."""
        return {name: value for name, value in self.cleaned_data.items() if name != "was"}

    def packed(self, values: Values) -> str:
        """As the form brings them along."""
        return json.dumps(dict(values))

    def unpacked(self, written: str) -> Values:
        """Raises `ValueError`, `TypeError` or `AttributeError` for what no form of ours wrote."""
        return dict(json.loads(written).items())

    def accepts(self, now: Values, who: str) -> bool:
        """Whether it may be saved: nobody has set something else since it was drawn.

        If somebody has, the form says who (the last to change anything of it) and what, has what they set in the fields
        that its writer left alone, and keeps the others as they were written; saved once more it holds.
        """
        given, now = self._as_shown(self.given), self._as_shown(now)
        was = self._as_it_was(now)
        changed = [name for name in given if was.get(name) != now.get(name) != given[name]]
        if not changed:
            return True
        told = {"who": who or _("Somebody"), "what": ""}
        for name in changed:
            told["what"] = self._said(name, now.get(name))
            self.add_error(name, _("%(who)s has set this to “%(what)s” meanwhile.") % told)
        self.add_error(None, _("Not saved yet: look at what %(who)s changed meanwhile, and save once more.") % told)
        self._begin_from(now, [name for name in changed if given[name] == was.get(name)])
        return False

    def _as_it_was(self, now: Values) -> Values:
        """What the form brought along; of one that brought nothing all is as it is now."""
        try:
            return self.unpacked(self.cleaned_data["was"])
        except (ValueError, TypeError, AttributeError):
            return now

    def _said(self, name: str, value: object) -> str:
        """The value as the form shows it."""
        field = self.fields[name]
        if isinstance(field, forms.BooleanField):
            return _("Yes") if value else _("No")
        if isinstance(field, forms.ChoiceField):
            return str(_titles(field).get(str(value or ""), value))
        return str(value) if value not in (None, "") else "–"

    def _begin_from(self, now: Values, left_alone: list[str]) -> None:
        """From here on the form is one that was drawn with these values, but keeps what was written."""
        assert isinstance(self.data, Mapping)
        data = self.data.copy()  # type: ignore[attr-defined]
        data[self.add_prefix("was")] = self.packed(now)
        for name in left_alone:
            data.pop(self.add_prefix(name), None)
            value = now.get(name)
            if value is not None and value is not False:  # a box without its tick sends nothing
                data[self.add_prefix(name)] = value
        self.data = data


class SettingsForm(Meanwhile, forms.Form):
    """A form of a section of what is set for the whole organisation."""


class RowForm(Meanwhile, forms.ModelForm):  # type: ignore[type-arg]
    """A form of one row."""

    def is_accepted(self, what: Deed.What) -> bool:
        """Whether the row may be saved, in the transaction that does so; `what`: changes of it in the record."""
        row = type(self.instance).objects.select_for_update().filter(pk=self.instance.pk).first()
        return row is None or self.accepts(model_to_dict(row), who_did(what, row.pk))


def who_did(what: Deed.What, about: int) -> str:
    """The member who did so last to that row; empty: nobody did."""
    deeds = Deed.objects.filter(what=what, about_id=about, by__isnull=False)
    return deeds.order_by("-pk").values_list("by__name", flat=True).first() or ""


def _text(value: object) -> str | None:
    return None if value in (None, "") else str(value)


def _titles(field: forms.ChoiceField) -> dict[str, Any]:
    """The titles of choices, of those in groups too."""
    titles: dict[str, Any] = {}
    for value, title in field.choices:  # type: ignore[union-attr, misc]
        titles |= {str(each): inside for each, inside in title} if isinstance(title, list) else {str(value): title}
    return titles
