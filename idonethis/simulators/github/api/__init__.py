"""The REST API, one module for each noun: https://docs.github.com/en/rest"""

from __future__ import annotations
