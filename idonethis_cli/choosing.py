"""Teams, and which of them is meant where nothing else is said."""

from __future__ import annotations

from idonethis_cli import asking, logins, project, teams
from idonethis_cli.ending import Failed
from idonethis_cli.locking import alone
from idonethis_cli.reading import server_here
from idonethis_cli.screen import as_json, on_one_line

EXAMPLES = """\
  did teams
  did teams "Analytical Engines"     logs there from now on"""


def main(name: str, words: list[str]) -> int:
    asked = asking.parser("did teams", "Shows your teams, or chooses one.", EXAMPLES)
    asked.add_argument("choice", nargs="?", default="", help="the name or id of a team")
    said = asked.parse_args(words)
    server = server_here()
    known = teams.of(server)
    if said.choice:
        _choose(server.url, teams.chosen(known, said.choice))
    login = logins.of(server.url)
    meant = project.here().team or (login.team if login else "")
    told = [{**each, "is_usual": meant in (each["hash_id"], each["name"])} for each in known]
    if said.json:
        as_json(told)
        return 0
    for each in told:
        star = "*" if each["is_usual"] or len(told) == 1 else " "
        print(f"{star} {on_one_line(each['name'])}  {each['hash_id']}")
    if not told:
        raise Failed("You are in no team yet.")
    return 0


def _choose(url: str, team: str) -> None:
    """Not while somebody renews the login: theirs would be lost."""
    with alone("renewing", within=30):
        if login := logins.of(url):
            logins.renew(url, login._replace(team=team))
