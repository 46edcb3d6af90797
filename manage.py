#!/usr/bin/env python
"""Django's command line for Evenhand."""

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

from coop.dev.environment import join_running

if __name__ == "__main__":
    join_running(Path(__file__).parent / ".local")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coop.settings")
    execute_from_command_line(sys.argv)
