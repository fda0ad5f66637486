"""How every command is asked."""

from __future__ import annotations

from argparse import ArgumentParser, RawDescriptionHelpFormatter


def parser(name: str, says: str, examples: str = "") -> ArgumentParser:
    made = ArgumentParser(
        prog=name,
        description=says,
        epilog=examples,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("--json", action="store_true", help="answer as JSON")
    return made
