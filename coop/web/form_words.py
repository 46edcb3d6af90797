"""What a form says when something is missing or odd: our words in place of Django's, for every form at once.

A form says it better where it knows better (`error_messages`).
"""

from typing import cast

from django import forms
from django.core import validators
from django.utils.translation import gettext_lazy as _

NOT_ONE_OF_THESE = _("Please choose one of the answers that are shown here.")
NO_NUMBER = _("Please write a number, in digits.")
NO_DATE = _("Please give a day of the calendar, for example 2026-05-04.")

forms.Field.default_error_messages["required"] = _("This is still missing.")
forms.IntegerField.default_error_messages["invalid"] = _("Please write a whole number, in digits.")
forms.DecimalField.default_error_messages["invalid"] = NO_NUMBER
forms.FloatField.default_error_messages["invalid"] = NO_NUMBER
forms.DateField.default_error_messages["invalid"] = NO_DATE
forms.TimeField.default_error_messages["invalid"] = _("Please give a time of day, for example 8:30.")
forms.DateTimeField.default_error_messages["invalid"] = _("Please give a day and a time.")
forms.UUIDField.default_error_messages["invalid"] = NOT_ONE_OF_THESE
forms.BooleanField.default_error_messages = {"required": _("Please tick this.")}
forms.ChoiceField.default_error_messages |= {"required": _("Please choose one."), "invalid_choice": NOT_ONE_OF_THESE}
forms.MultipleChoiceField.default_error_messages |= {
    "required": _("Please choose at least one."),
    "invalid_choice": NOT_ONE_OF_THESE,
    "invalid_list": NOT_ONE_OF_THESE,
}
forms.ModelChoiceField.default_error_messages |= {
    "required": _("Please choose one."),
    "invalid_choice": NOT_ONE_OF_THESE,
}
forms.ModelMultipleChoiceField.default_error_messages |= {
    "required": _("Please choose at least one."),
    "invalid_choice": NOT_ONE_OF_THESE,
    "invalid_list": NOT_ONE_OF_THESE,
    "invalid_pk_value": NOT_ONE_OF_THESE,
}
forms.FileField.default_error_messages |= {
    "required": _("Please choose a file."),
    "invalid": _("No file arrived. Please choose it once more."),
    "missing": _("No file arrived. Please choose it once more."),
    "empty": _("This file is empty. Please choose another."),
    "max_length": _("The name of this file is too long. Please give it a shorter one."),
    "contradiction": _("Please choose a file or take it away, not both."),
}

validators.MinValueValidator.message = _("At least %(limit_value)s, please.")
validators.MaxValueValidator.message = _("At most %(limit_value)s, please.")
validators.MinLengthValidator.message = _("Please write a little more: at least %(limit_value)s letters.")
validators.MaxLengthValidator.message = _("At most %(limit_value)s letters fit in here, and these are %(show_value)s.")
validators.ProhibitNullCharactersValidator.message = _("There is a letter in this that we cannot keep.")
validators.DecimalValidator.messages = cast(
    "dict[str, str]",
    {
        "invalid": NO_NUMBER,
        "max_digits": _("This number is too long."),
        "max_decimal_places": _("At most %(max)s digits after the point, please."),
        "max_whole_digits": _("This number is too large."),
    },
)
