"""Fields for what people type, of forms and of models. Each kind of text is cleaned here and nowhere else (`text`)."""

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from coop.typed.text import (
    EMAIL,
    MOST_IN_EMAIL,
    NOT_EMAIL,
    Isolated,
    email_address,
    has_letter,
    one_line,
    spelled,
    street,
    zip_code,
)

TOO_FAR = _("This day lies too far away.")
NOWHERE = ".invalid"
"""How an address ends that belongs to nobody, for ever; we write it where somebody's address was forgotten."""


class LineField(forms.CharField):
    """Words on one line."""

    def to_python(self, value: Any) -> str:
        return one_line(super().to_python(value) or "")


class NameField(LineField):
    """What somebody is called: at least one letter that can be seen, of whatever script."""

    default_error_messages = {"letterless": _("Please write a name with at least one letter.")}

    def __init__(self, **kwargs: Any) -> None:
        typed = forms.TextInput(attrs={"autocomplete": "name"})
        super().__init__(**{"max_length": 120, "widget": typed, **kwargs})

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not has_letter(value):
            raise ValidationError(self.error_messages["letterless"], code="letterless")


class EmailField(forms.EmailField):
    """An e-mail address, spelled as we keep it."""

    def __init__(self, **kwargs: Any) -> None:
        typed = forms.EmailInput(attrs={"autocomplete": "email"})
        super().__init__(**{"max_length": MOST_IN_EMAIL, "widget": typed, **kwargs})

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        address = email_address(typed) if typed else ""
        if address.endswith(NOWHERE):
            raise ValidationError(NOT_EMAIL, code="invalid")
        return address


class ZipField(forms.CharField):
    """A ZIP code as its five digits; all nine may be typed."""

    def __init__(self, **kwargs: Any) -> None:
        typed = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "postal-code"})
        super().__init__(**{"label": _("ZIP code"), "max_length": 10, "widget": typed, **kwargs})

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        return zip_code(typed) if typed else ""


class StreetField(LineField):
    """A street with its number."""

    def __init__(self, **kwargs: Any) -> None:
        typed = forms.TextInput(attrs={"autocomplete": "address-line1"})
        super().__init__(**{"label": _("Street and number"), "max_length": 120, "widget": typed, **kwargs})

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value)
        return street(typed) if typed else ""


class ApartmentField(LineField):
    """Which door of a house, where there are several."""

    def __init__(self, **kwargs: Any) -> None:
        typed = forms.TextInput(attrs={"autocomplete": "address-line2"})
        super().__init__(**{"label": _("Apartment"), "max_length": 40, "required": False, "widget": typed, **kwargs})


class DayField(forms.DateField):
    """A day as every browser writes it, whatever the language of the page: 2026-05-04. None so far off that days
    before or after it would not exist.
    """

    default_validators: ClassVar = [  # type: ignore[misc]
        MinValueValidator(date(1900, 1, 1), TOO_FAR),
        MaxValueValidator(date(2199, 12, 31), TOO_FAR),
    ]

    def __init__(self, **kwargs: Any) -> None:
        picked = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(**{"widget": picked, "input_formats": ["%Y-%m-%d"], **kwargs})


class ClockField(forms.TimeField):
    """A time of day as every browser writes it: 08:30."""

    def __init__(self, **kwargs: Any) -> None:
        picked = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
        super().__init__(**{"widget": picked, **kwargs})


def say_phone(number: Any) -> str:
    """A number as people here write it: without +1 if it is one of ours, else as the world dials it."""
    if not number or not number.is_valid():
        return str(number or "")
    return str(number.as_national if number.country_code == 1 else number.as_international)


class PhoneField(PhoneNumberField):  # type: ignore[misc]
    """A number that rings at once: one with an extension we could not keep, so it is not taken."""

    default_error_messages = {
        "invalid": _("Please give a phone number with its area code, or with + and its country."),
        "extension": _("We cannot keep an extension. Please give a number that reaches you without one."),
    }

    def __init__(self, **kwargs: Any) -> None:
        typed = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
        super().__init__(**{"label": _("Phone"), "region": "US", "widget": typed, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return say_phone(value) if hasattr(value, "country_code") else value

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        if number and number.extension:
            raise ValidationError(self.error_messages["extension"], code="extension")
        return number


if TYPE_CHECKING:
    Line = models.CharField[str, str]
    Text = models.TextField[str, str]
else:
    Line, Text = models.CharField, models.TextField


class _Written:
    """A column of what people wrote: as it comes from the database, a page sets it apart where it is written from the
    right (`text.Isolated`), wherever it is shown.
    """

    def from_db_value(self, value: Any, *_about: Any) -> Any:
        return value if value is None else Isolated(value)

    def deconstruct(self) -> Any:
        """In a migration it is a column like any other."""
        name, _path, args, kwargs = super().deconstruct()  # type: ignore[misc]
        kind = "TextField" if isinstance(self, models.TextField) else "CharField"
        return name, f"django.db.models.{kind}", args, kwargs


class WrittenLine(_Written, Line):
    """A few words on one line."""


class WrittenText(_Written, Text):
    """Paragraphs."""


class StoredEmailField(models.EmailField):  # type: ignore[type-arg]
    """An address in the database, of one spelling whatever was given; looking for any spelling finds it."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        given = getattr(model_instance, self.attname)
        setattr(model_instance, self.attname, email_address(given) if given else "")
        return super().pre_save(model_instance, add)

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return spelled(text) if text else text


def spelled_one_way(name: str, *, field: str = "email") -> models.CheckConstraint:
    """The promise that a column holds addresses as we spell them, or nothing."""
    return models.CheckConstraint(condition=models.Q(**{field: ""}) | models.Q(**{f"{field}__regex": EMAIL}), name=name)
