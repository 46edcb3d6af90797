#!/usr/bin/env python
"""Django's command line for Evenhand."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    if find_spec("coop.dev"):  # which is not shipped
        from coop.dev.environment import join_running

        join_running(Path(__file__).parent / ".local")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coop.settings")
    execute_from_command_line(sys.argv)
