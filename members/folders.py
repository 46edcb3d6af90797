"""The folders of this room, each standing on those before it."""

FOLDERS = (
    "standing",
    "people",
    "skills",
    "offices",
    "hours",
    "notices",
    "news",
    "credentials",
    "duties",
    "second_person",
    "appointing",
    "signing_in",
    "recovery",
    "my_data",
    "membership",
    "me",
    "founding",
    "joining",
    "register",
    "announcements",
)
