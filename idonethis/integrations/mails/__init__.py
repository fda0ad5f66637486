"""What is common to everything that takes mails: their addresses, and what no person wrote."""

from __future__ import annotations
