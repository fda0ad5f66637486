"""Who gets what at every address of the site. An address that does not stand here fails a test.

**To add a route**, add one row: the path as the URL resolver has it, what it is filled with (words
that ``canaries.ADDRESSED`` knows; a new kind of thing gets a line there, and its canary in
``Marked``), and one line of answers for each method that it takes. The answers stand in the order
of ``WHO``::

    anonymous  other  former  observer  member  admin  operator

``other`` administers another team, ``former`` was an admin of this one, ``operator`` administers
the server and is in no team. An answer is a status, or for redirects ``login`` (sign in first),
``again`` (say the password again), ``to`` (elsewhere on this site) or ``away`` (to a partner).

HEAD is answered like GET where it has no line. A method without a line is refused with 405, after
the sign-in where the path needs one. What a page shows to people outside on purpose is named by
``shows``: words of ``Marked.word``, and nothing else of the team may leave with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

#: Who tries: nobody, the admin of another team, who was an admin of this one, its three roles, and
#: who administers the server without being in the team.
WHO = ("anonymous", "other", "former", "observer", "member", "admin", "operator")
OUTSIDE = ("anonymous", "other", "former", "operator")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Route:
    args: str = ""
    shows: str = ""
    answers: dict[str, str] = field(default_factory=dict)

    def expected(self, method: str, who: str) -> str:
        like = "GET" if method == "HEAD" else method
        line = self.answers.get(method) or self.answers.get(like)
        cells = line.split() if line else [self._unsaid(each) for each in WHO]
        assert len(cells) == len(WHO), line
        return cells[WHO.index(who)]

    def _unsaid(self, who: str) -> str:
        needs_sign_in = all(line.startswith("login") for line in self.answers.values())
        return "login" if needs_sign_in and who == "anonymous" else "405"


def route(args: str = "", *, shows: str = "", **answers: str) -> Route:
    return Route(args, shows, answers)


def form(args: str = "", *, GET: str, POST: str, **answers: str) -> Route:
    """A page of allauth's with a form on it: Django's own views take a PUT like a POST."""
    return Route(args, answers={"GET": GET, "POST": POST, "PUT": POST, **answers})


def always(line: str, args: str = "", **other: str) -> Route:
    """A view that looks at no method."""
    return Route(args, answers=dict.fromkeys(METHODS, line) | other)


def operated(args: str = "", *, shows: str = "", **answers: str) -> Route:
    """For who administers the server, whatever the method. They know people, and no team's log."""
    closed = dict.fromkeys(METHODS, "login 403 403 403 403 403 405")
    closed["HEAD"] = answers.get("GET", closed["HEAD"])
    return Route(args, shows, closed | answers)


ANYBODY = "200 200 200 200 200 200 200"
NOBODY = "404 404 404 404 404 404 404"
MINE = "login 200 200 200 200 200 200"
READS = "login 404 404 200 200 200 404"
WRITES = "login 404 404 403 to to 404"
MANAGES = "login 404 404 403 403 to 404"
ELSEWHERE = "login to to to to to to"
AGAIN = "login again again again again again again"
REFUSED = "405 405 405 405 405 405 405"
UNSIGNED = "401 401 401 401 401 401 401"
LOOKS_AFTER = "login 404 404 403 403 200 404"
OPERATES = "login 403 403 403 403 403 200"
ORDERS = "login 403 403 403 403 403 to"
PEOPLE = " ".join(f"{role}-name {role}@example.org" for role in ("admin", "member", "observer"))
HAS_NONE = "login 404 404 404 404 404 404"
#: What a partner sent is for who manages the link; to everybody else it is not there.
OPENS = "login 404 404 404 404 200 404"
#: Programs are told, not sent anywhere.
ASKS = "401 200 200 200 200 200 200"

READS_BY_PROGRAM = "401 404 404 200 200 200 404"
CHANGES_BY_PROGRAM = "401 404 404 403 200 200 404"

ROUTES = {
    "settings": route(GET=MINE, POST="login 422 422 422 422 422 422"),
    "settings/connections": route(GET=MINE),
    "settings/tokens": route(GET=MINE, POST="login 422 422 422 422 422 422"),
    # It is the member's.
    "settings/tokens/<slug:hash_id>/revoke": route(
        "api_token", POST="login 404 404 404 to 404 404"
    ),
    ".well-known/oauth-authorization-server": route(GET=ANYBODY),
    ".well-known/oauth-protected-resource": route(GET=ANYBODY),
    ".well-known/oauth-protected-resource/mcp": route(GET=ANYBODY),
    # For assistants, which show a token, and whom no session lets in.
    "mcp": always(REFUSED, POST=UNSIGNED),
    # For applications, which show what they know; nothing is known of whom nobody registered.
    "oauth/authorize": route(
        GET="login 400 400 400 400 400 400", POST="login 400 400 400 400 400 400"
    ),
    "oauth/token": always(REFUSED, POST=" ".join(["400"] * 7)),
    "oauth/revoke": always(REFUSED, POST=UNSIGNED),
    "oauth/device": always(REFUSED, POST=UNSIGNED),
    "device": route(GET=MINE, POST="login 404 404 404 404 404 404"),
    "settings/mails": route(GET=MINE),
    "t/<slug:slug>/mails": route("slug", GET=READS),
    "mails/<slug:kind>/<slug:slug>": route(
        "mail_kind slug", GET=READS, POST="login 404 404 422 422 422 404"
    ),
    "mails/<slug:kind>/<slug:slug>/html": route("mail_kind slug", GET=READS),
    # For mail programs, which show no session: the link is the proof, and this one is made up.
    "mails/stop/<str:token>": route("nothing", GET=NOBODY, POST=NOBODY),
    "settings/feeds": route(GET=MINE),
    # Without a team, of all that one logs; whether of another's, test_my_feeds asks.
    "settings/feeds/make": route(POST=ELSEWHERE),
    # It is the member's.
    "settings/feeds/<slug:hash_id>/rotate": route("feed", POST="login 404 404 404 to 404 404"),
    "settings/feeds/<slug:hash_id>/withdraw": route("feed", POST="login 404 404 404 to 404 404"),
    # For calendars, which show no session: the address is the proof, and this one is made up. What
    # a true one shows to whom, test_reading of the feeds asks.
    "feeds/<str:token>/calendar.ics": route("nothing", GET=NOBODY),
    "feeds/<str:token>/atom.xml": route("nothing", GET=NOBODY),
    "setup/<str:token>": route("nothing", GET=NOBODY, POST=NOBODY),
    # Whoever holds an invitation reads where it leads and from whom it is.
    "join/<str:token>": route(
        "invitation_token", shows="team admin-name", GET=ANYBODY, POST="422 to to to to to to"
    ),
    "teams/new": route(GET=MINE, POST="login 422 422 422 422 422 422"),
    "t/<slug:slug>/settings": route("slug", GET=READS, POST="login 404 404 403 403 422 404"),
    "t/<slug:slug>/delete": route("slug", POST="login 404 404 403 403 422 404"),
    "t/<slug:slug>/integrations": route("slug", GET=READS),
    "t/<slug:slug>/people": route("slug", GET=READS),
    "t/<slug:slug>/invitations": route("slug", POST=MANAGES),
    "t/<slug:slug>/invitations/<int:pk>/withdraw": route("slug invitation", POST=MANAGES),
    "t/<slug:slug>/invitations/<int:pk>/restore": route("slug invitation", POST=MANAGES),
    "t/<slug:slug>/people/<slug:user_id>/role": route("slug member", POST=MANAGES),
    # It is the member who is removed, and everybody may leave.
    "t/<slug:slug>/people/<slug:user_id>/remove": route("slug member", POST=WRITES),
    "": route(GET=ELSEWHERE),
    "me": route(GET=MINE),
    # Of one's own teams; what of them is found, test_search asks.
    "search": route(GET=MINE),
    "t/<slug:slug>": route("slug", GET=READS),
    "t/<slug:slug>/log": route("slug", POST=WRITES),
    "t/<slug:slug>/newer": route("slug", GET="login 404 404 204 204 204 404"),
    "e/<slug:hash_id>": route("entry", GET=READS),
    "e/<slug:hash_id>/edit": route("entry", POST="login 404 404 403 422 422 404"),
    "e/<slug:hash_id>/delete": route("entry", POST=WRITES),
    "e/<slug:hash_id>/restore": route("entry", POST=WRITES),
    "e/<slug:hash_id>/complete": route("entry", POST=WRITES),
    "e/<slug:hash_id>/reopen": route("entry", POST=WRITES),
    "e/<slug:hash_id>/like": route("entry", POST=WRITES),
    "e/<slug:hash_id>/comments": route("entry", POST=WRITES),
    "e/<slug:hash_id>/comments/<slug:comment_id>/delete": route(
        "entry comment", POST="login 404 404 404 to to 404"
    ),
    "integrations": route(GET=MINE),
    "integrations/claim/<str:signed>": route("claim", GET=MINE, POST=ELSEWHERE),
    "integrations/<slug:integration_type>": route("type", GET=MINE),
    "integrations/<slug:integration_type>/setup": route(
        "type",
        GET="login 403 403 403 403 403 200",
        POST="login 403 403 403 403 403 200",
    ),
    "integrations/<slug:integration_type>/believe": route(
        "type", POST="login 403 403 403 403 403 to"
    ),
    "integrations/<slug:integration_type>/link": route(
        "type", GET=MINE, POST="login 422 200 200 200 422 200", DELETE=HAS_NONE
    ),
    "integrations/<slug:integration_type>/link/choices": route("type", GET=HAS_NONE),
    "integrations/<slug:integration_type>/link/summary": route("type", POST=MINE),
    "integrations/<slug:integration_type>/link/<slug:hash_id>": route(
        "type link", POST=MANAGES, DELETE="login 404 404 403 403 204 404"
    ),
    # For partners: a signature stands where people have a session, and who tries an address learns
    # no more than that hooks are sent by POST.
    "integrations/<slug:integration_type>/hook": always(
        REFUSED, "type", POST=UNSIGNED, HEAD=ANYBODY
    ),
    "integrations/<slug:integration_type>/hook/<str:token>": always(
        REFUSED, "type hook_token", POST=UNSIGNED, HEAD=ANYBODY
    ),
    "auth/<slug:integration_type>": route("type", POST="login away away away away away away"),
    "auth/<slug:integration_type>/typed": route("type", POST="login to to to to to to"),
    "auth/<slug:integration_type>/callback": route("type", GET="login 400 400 400 400 400 400"),
    "links/<slug:hash_id>": route("link", GET=READS),
    "links/<slug:hash_id>/activity": route("link", GET=READS),
    "t/<slug:slug>/activity": route("slug", GET=READS),
    "receipts/<int:receipt_id>": route("receipt", GET=OPENS),
    "deliveries/<int:delivery_id>": route("delivery", GET=OPENS),
    "deliveries/<int:delivery_id>/retry": route("delivery", POST="login 404 404 404 404 to 404"),
    # Of one's own teams; what of them is found, test_questions asks.
    "why": route(GET=MINE),
    "api/v2/": always(NOBODY),
    "api/v2/openapi.json": route(GET=ANYBODY),
    "api/v2/noop": route(GET=ASKS),
    "api/v2/teams": route(GET=ASKS),
    "api/v2/teams/<hash_id>": route("team_id", GET=READS_BY_PROGRAM),
    "api/v2/teams/<hash_id>/members": route("team_id", GET=READS_BY_PROGRAM),
    "api/v2/teams/<hash_id>/entries": route("team_id", GET=READS_BY_PROGRAM),
    # Of one's own teams; what a token may, test_entries asks.
    "api/v2/entries": route(GET=ASKS, POST="401 422 422 422 422 422 422"),
    "api/v2/entries/<hash_id>": route(
        "entry",
        GET=READS_BY_PROGRAM,
        PUT=CHANGES_BY_PROGRAM,
        PATCH=CHANGES_BY_PROGRAM,
        POST=CHANGES_BY_PROGRAM,
        DELETE=CHANGES_BY_PROGRAM,
    ),
    "api/v2/entries/<hash_id>/complete": route("entry", POST=CHANGES_BY_PROGRAM),
    "api/v2/entries/<hash_id>/reopen": route("entry", POST=CHANGES_BY_PROGRAM),
    "api/v2/entries/<hash_id>/restore": route("entry", POST=CHANGES_BY_PROGRAM),
    "api/v2/why": route(GET="401 422 422 422 422 422 422"),
    "api/v2/activity": route(GET=ASKS),
    # By a token alone, whose hooks they are; a session has none.
    "api/v2/hooks": route(GET=UNSIGNED, POST=UNSIGNED),
    "api/v2/hooks/sample": route(GET=UNSIGNED),
    "api/v2/hooks/<hook_id>": route("link", GET=UNSIGNED, PUT=UNSIGNED, DELETE=UNSIGNED),
    "api/v2/hooks/<hook_id>/secret": route("link", POST=UNSIGNED),
    "api/v2/hooks/<hook_id>/deliveries": route("link", GET=UNSIGNED),
    "links/<slug:hash_id>/edit": route(
        "link", GET="login 404 404 403 403 200 404", POST="login 404 404 403 403 422 404"
    ),
    "links/<slug:hash_id>/preview": route("link", POST="login 404 404 403 403 422 404"),
    # Nothing came in by this one.
    "links/<slug:hash_id>/export": route("link", GET=MANAGES),
    "links/<slug:hash_id>/pause": route("link", POST=MANAGES),
    "links/<slug:hash_id>/resume": route("link", POST=MANAGES),
    "links/<slug:hash_id>/take": route("link", POST=MANAGES),
    "links/<slug:hash_id>/replay": route("link", GET=LOOKS_AFTER, POST=LOOKS_AFTER),
    "links/<slug:hash_id>/past": route(
        "link", GET=LOOKS_AFTER, POST="login 404 404 403 403 422 404"
    ),
    # No webhook of ours stands for this one.
    "links/<slug:hash_id>/ask": route("link", POST="login 404 404 403 403 404 404"),
    "links/<slug:hash_id>/storm": route("link", POST="login 404 404 403 403 404 404"),
    "t/<slug:slug>/replay": route("slug", GET=LOOKS_AFTER, POST=LOOKS_AFTER),
    # Nobody has anything here but the member, to whom it was suggested; nothing is named.
    "suggestions/accept": route(POST=HAS_NONE),
    "suggestions/dismiss": route(POST=HAS_NONE),
    "suggestions/undo": route(POST=HAS_NONE),
    "t/<slug:slug>/moving": route("slug", GET=READS),
    "t/<slug:slug>/moving/file": route("slug", POST="login 404 404 403 403 422 404"),
    "t/<slug:slug>/moving/server": route("slug", POST="login 404 404 403 403 422 404"),
    "t/<slug:slug>/moving/export": route("slug", POST="login 404 404 422 422 422 404"),
    "t/<slug:slug>/uploads/<slug:hash_id>": route("slug upload", GET=LOOKS_AFTER, POST=MANAGES),
    "jobs/<slug:hash_id>": route("job", GET=READS),
    "jobs/<slug:hash_id>/stop": route("job", POST=MANAGES),
    "jobs/<slug:hash_id>/continue": route("job", POST=MANAGES),
    "jobs/<slug:hash_id>/undo": route("job", POST=MANAGES),
    "links/<slug:hash_id>/secret": route("link", POST="login 404 404 403 403 200 404"),
    "links/<slug:hash_id>/secret/take": route("link", POST=MANAGES),
    "links/<slug:hash_id>/secret/rotate": route("link", POST=MANAGES),
    "links/<slug:hash_id>/secret/end": route("link", POST=MANAGES),
    "hooks/<slug:hash_id>/gone": route("leaving", POST="login 404 404 404 404 to 404"),
    "t/<slug:slug>/unclaimed": route("slug", GET=READS),
    "t/<slug:slug>/unclaimed/<int:pk>/claim": route("slug unclaimed", POST=WRITES),
    "t/<slug:slug>/unclaimed/<int:pk>/assign": route(
        "slug unclaimed", POST="login 404 404 403 403 404 404"
    ),
    "t/<slug:slug>/unclaimed/<int:pk>/preview": route(
        "slug unclaimed", POST="login 404 404 404 404 404 404"
    ),
    "t/<slug:slug>/unclaimed/<int:pk>/ignore": route("slug unclaimed", POST=MANAGES),
    "t/<slug:slug>/unclaimed/<int:pk>/heed": route("slug ignored", POST=MANAGES),
    "t/<slug:slug>/unclaimed/ignore-bots": route("slug", POST=MANAGES),
    "t/<slug:slug>/unclaimed/matched/<int:account>": route("slug match", GET=READS),
    "t/<slug:slug>/unclaimed/matched/<int:account>/wrong": route("slug match", POST=WRITES),
    "t/<slug:slug>/changes": route("slug", GET=LOOKS_AFTER),
    "settings/data": route(GET=MINE),
    "settings/data/export": route(POST=MINE),
    "settings/data/delete": route(POST="login 422 422 422 422 422 422"),
    "administration": operated(GET=OPERATES),
    "administration/resume": operated(POST=ORDERS),
    "administration/changes": operated(shows=f"team {PEOPLE}", GET=OPERATES),
    "administration/people": operated(shows=PEOPLE, GET=OPERATES),
    "administration/people/<slug:hash_id>": operated("member", shows=PEOPLE, GET=OPERATES),
    "administration/people/<slug:hash_id>/deactivate": operated("member", POST=ORDERS),
    "administration/people/<slug:hash_id>/reactivate": operated("member", POST=ORDERS),
    "administration/people/<slug:hash_id>/administer": operated("member", POST=ORDERS),
    "administration/people/<slug:hash_id>/administer/end": operated("member", POST=ORDERS),
    "administration/people/<slug:hash_id>/delete": operated(
        "member", shows=PEOPLE, POST="login 403 403 403 403 403 422"
    ),
    "administration/applications": operated(GET=OPERATES, POST="login 403 403 403 403 403 422"),
    "administration/applications/<slug:hash_id>/secret": operated("app", POST=OPERATES),
    "administration/applications/<slug:hash_id>/remove": operated("app", POST=ORDERS),
    # Those of allauth are about the person alone.
    "accounts/login/": form(
        GET="200 to to to to to to",
        POST="200 to to to to to to",
        PATCH="405 to to to to to to",
        DELETE="405 to to to to to to",
    ),
    "accounts/logout/": route(
        GET=MINE,
        POST="login login login login login login login",
        PUT=REFUSED,
        PATCH=REFUSED,
        DELETE=REFUSED,
    ),
    "accounts/inactive/": route(GET=ANYBODY),
    "accounts/signup/": always("200 to to to to to to"),
    "accounts/reauthenticate/": form(GET=MINE, POST=MINE),
    "accounts/email/": form(GET=MINE, POST=ELSEWHERE),
    "accounts/confirm-email/": route(GET=ANYBODY),
    "accounts/password/change/": form(GET=MINE, POST=MINE),
    "accounts/password/set/": always(ELSEWHERE),
    "accounts/password/reset/": form(GET=ANYBODY, POST=ANYBODY),
    "accounts/login/code/confirm/": always(ELSEWHERE),
    r"accounts/^confirm-email/(?P<key>[-:\w]+)/$": route("nothing", GET=ANYBODY, POST=NOBODY),
    "accounts/password/reset/key/done/": route(GET=ANYBODY),
    r"accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": always(
        ANYBODY, "nothing nothing"
    ),
    "accounts/password/reset/done/": route(GET=ANYBODY),
    "accounts/2fa/": route(GET=MINE),
    "accounts/2fa/authenticate/": always(ELSEWHERE),
    "accounts/2fa/reauthenticate/": always(AGAIN),
    "accounts/2fa/totp/activate/": always(AGAIN),
    "accounts/2fa/totp/deactivate/": always(HAS_NONE),
    "accounts/2fa/recovery-codes/": route(GET=HAS_NONE),
    "accounts/2fa/recovery-codes/generate/": always(AGAIN),
    "accounts/2fa/recovery-codes/download/": always(HAS_NONE),
}
