"""Two people have one form open: what the first saved is not taken back by what the second did not touch."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _

Said = str | list[str]
"""What a field holds, as a browser would send it."""


class MeanwhileForm(forms.Form):
    """A form that says something otherwise; it sends along what it showed when it was opened (`shown`).

    A field that somebody else changed meanwhile, and this person did not, keeps the other's words. Of what both
    changed, sets (skills, services) take what each added and took away; everything else is asked once more.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shown"] = forms.CharField(required=False, widget=forms.HiddenInput, initial=self._standing)

    def full_clean(self) -> None:
        disputed = self._merge() if self.is_bound else {}
        super().full_clean()
        if self.is_bound:
            self.cleaned_data.pop("shown", None)
        for name, now in disputed.items():
            words = _("Somebody else has changed this meanwhile; it is now: %(now)s. If yours is right, send it again.")
            self.add_error(name, words % {"now": self._in_words(name, now)})

    def _merge(self) -> dict[str, Said]:
        """Put what others changed among what was sent; and what both changed, with what stands now."""
        shown, now, disputed = self._shown(), json.loads(self._standing()), {}
        if shown is None:
            return {}
        self.data = data = self.data.copy()  # type: ignore[attr-defined]
        for name in now:
            was, mine = shown.get(name, now[name]), self._sent(name)
            if type(was) is not type(now[name]):
                continue
            if self._same(name, was, now[name]) or self._same(name, mine, now[name]):
                continue
            if self._same(name, mine, was):
                self._put(name, now[name])
            elif isinstance(mine, list):
                left = [one for one in now[name] if one in mine or one not in was]
                self._put(name, left + [one for one in mine if one not in was and one not in left])
            else:
                disputed[name] = now[name]
        data[self.add_prefix("shown")] = self._standing()
        return disputed

    def _standing(self) -> str:
        """What the form shows to whoever opens it now."""
        fields = {name: field for name, field in self.fields.items() if name != "shown" and not field.disabled}
        return json.dumps({name: self._as_sent(name, field) for name, field in fields.items()})

    def _as_sent(self, name: str, field: forms.Field) -> Said:
        value = field.prepare_value(self.get_initial_for_field(field, name))
        return _plain(field.widget, value if isinstance(value, bool) else field.widget.format_value(value))

    def _shown(self) -> dict[str, Said] | None:
        """What was shown to whoever sends this; None if they do not say."""
        try:
            found = json.loads(self.data.get(self.add_prefix("shown"), ""))
        except (ValueError, RecursionError):
            return None
        return {name: value for name, value in found.items() if _is_said(value)} if isinstance(found, dict) else None

    def _sent(self, name: str) -> Said:
        widget = self.fields[name].widget
        return _plain(widget, widget.value_from_datadict(self.data, self.files, self.add_prefix(name)))

    def _put(self, name: str, value: Said) -> None:
        if isinstance(value, list):
            self.data.setlist(self.add_prefix(name), value)  # type: ignore[attr-defined]
        else:
            self.data[self.add_prefix(name)] = value  # type: ignore[index]

    def _same(self, name: str, one: Said, other: Said) -> bool:
        if isinstance(one, list):
            return set(one) == set(other)
        return one == other or self._cleaned(name, one) == self._cleaned(name, other)

    def _cleaned(self, name: str, value: Said) -> Any:
        try:
            return self.fields[name].clean(value)
        except forms.ValidationError:
            return value

    def _in_words(self, name: str, value: Said) -> str:
        choices = {str(key): str(label) for key, label in getattr(self.fields[name], "choices", ())}
        return choices.get(str(value), str(value)) or _("nothing")


def _is_said(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(one, str) for one in value))


def _plain(widget: forms.Widget, value: Any) -> Said:
    """As a browser would send it: words, or several for what is ticked from a list."""
    values = [
        str(one) for one in (value if isinstance(value, (list, tuple, set)) else [value]) if one not in (None, "")
    ]
    if getattr(widget, "allow_multiple_selected", False):
        return values
    return values[0] if values else ""
