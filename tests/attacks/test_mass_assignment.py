"""A form takes its own fields and no others: the name of every column that there is, posted to
every form, changes what that form is for and nothing else."""

from __future__ import annotations

from collections import defaultdict
from urllib.parse import parse_qs, urlencode

import pytest
from django.apps import apps
from django.db import models

from tests.attacks.asking import FORM, address
from tests.attacks.conftest import undone
from tests.attacks.routes import ROUTES
from tests.attacks.test_matrix import said

pytestmark = pytest.mark.django_db
POSTED = [path for path, route in ROUTES.items() if "POST" in route.answers]


def kept():
    """Every row of every table but the sessions, by table and key."""
    tables = [each for each in apps.get_models() if each._meta.label != "sessions.Session"]
    return {each._meta.label: {row["pk"]: row for row in rows(each)} for each in tables}


def rows(table):
    return [row | {"pk": row[table._meta.pk.attname]} for row in table._base_manager.values()]


def attack(marked):
    """A value for each column, by which it would be known again."""
    values = {}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            value = forged(field, marked)
            values |= {field.name: value, field.attname: value}
    return values


def forged(field, marked):
    if isinstance(field, models.ForeignKey):
        return marked.people["observer"].pk
    if isinstance(field, models.BooleanField):
        return "on"
    if isinstance(field, models.DateTimeField | models.DateField):
        return "2001-01-01"
    if isinstance(field, models.IntegerField | models.BigAutoField):
        return 4711
    return "forged"


FORGED = {"forged", "4711", "2001-01-01", "on"}


def changed(before, after):
    """Which columns of which tables differ in rows that were there (``-``: the row is gone), and,
    with a plus, which columns of new rows hold what was forged."""
    found = defaultdict(set)
    for table, rows_now in after.items():
        for key, row in rows_now.items():
            then = before[table].get(key)
            found[table] |= differing(then, row) if then else forged_in(row)
        if set(before[table]) - set(rows_now):
            found[table].add("-")
    return {table: columns for table, columns in found.items() if columns}


def differing(then, now):
    return {name for name, value in now.items() if then[name] != value}


def forged_in(row):
    return {f"+{name}" for name, value in row.items() if str(value) in FORGED}


#: What each form is for. What does not stand here may change nothing in a row that is there, and
#: nothing that was forged may stand in a new one.
LINK = {"integrations.IntegrationLink": "state trouble updated_at"}
COMPLETED = {"entries.Entry": "completed_on touched_at revision updated_at"}
MEANT = {
    "settings": {"accounts.User": "name nickname time_zone day_ends_at theme hotkeys"},
    "t/<slug:slug>/settings": {
        "teams.Team": (
            "name done_prompt goal_prompt blocked_prompt carries_over when_deleted updated_at"
        )
    },
    "t/<slug:slug>/invitations/<int:pk>/withdraw": {"teams.Invitation": "withdrawn_at"},
    "t/<slug:slug>/invitations/<int:pk>/restore": {"teams.Invitation": "withdrawn_at"},
    "t/<slug:slug>/people/<slug:user_id>/role": {"teams.Membership": "role"},
    "t/<slug:slug>/people/<slug:user_id>/remove": {"teams.Membership": "-", "feeds.Feed": "-"},
    "e/<slug:hash_id>/edit": {
        "entries.Entry": "kind body occurred_on edited_at touched_at revision updated_at",
        "entries.Tag": "-",
    },
    "e/<slug:hash_id>/delete": {
        "entries.Entry": "deleted_at deleted_by_id touched_at revision updated_at"
    },
    "e/<slug:hash_id>/complete": COMPLETED,
    "api/v2/entries/<hash_id>/complete": COMPLETED,
    "e/<slug:hash_id>/comments/<slug:comment_id>/delete": {"entries.Comment": "deleted_at"},
    "integrations/<slug:integration_type>/setup": {"integrations.PartnerApp": "sealed updated_at"},
    "integrations/<slug:integration_type>/believe": {"integrations.PartnerApp": "believed_until"},
    "integrations/<slug:integration_type>/link/<slug:hash_id>": LINK,
    "links/<slug:hash_id>/pause": LINK,
    "links/<slug:hash_id>/resume": LINK,
    "links/<slug:hash_id>/secret/rotate": {
        "integrations.IntegrationLink": "sealed_secret sealed_previous_secret previous_until"
    },
    "deliveries/<int:delivery_id>/retry": {"integrations.Delivery": "state due_at attempts"},
    "hooks/<slug:hash_id>/gone": {
        "integrations.RegisteredHook": "-",
        "integrations.IntegrationLink": "registered_hook_id",
    },
    "t/<slug:slug>/unclaimed/<int:pk>/claim": {"integrations.UnclaimedPerson": "-"},
    "t/<slug:slug>/unclaimed/<int:pk>/assign": {"integrations.UnclaimedPerson": "-"},
    "t/<slug:slug>/unclaimed/<int:pk>/ignore": {"integrations.UnclaimedPerson": "ignored"},
    "t/<slug:slug>/unclaimed/<int:pk>/heed": {"integrations.UnclaimedPerson": "ignored"},
    "t/<slug:slug>/unclaimed/matched/<int:account>/wrong": {"integrations.IntegrationUser": "-"},
    "administration/people/<slug:hash_id>/deactivate": {"accounts.User": "is_active"},
    "administration/people/<slug:hash_id>/administer": {"accounts.User": "is_staff is_superuser"},
    "administration/applications/<slug:hash_id>/secret": {"accounts.App": "hashed_secret"},
    "administration/applications/<slug:hash_id>/remove": {"accounts.App": "-"},
    "accounts/password/change/": {"accounts.User": "password"},
}
#: Removes everything of the team; what stays is looked at elsewhere.
ENDS_A_TEAM = "t/<slug:slug>/delete"


@pytest.mark.parametrize("path", [path for path in POSTED if path != ENDS_A_TEAM])
def test_a_form_takes_its_own_fields_alone(world, red, path):
    before, meant = kept(), MEANT.get(path, {})
    for who in ("anonymous", "other", "admin", "operator"):
        with undone():
            content = urlencode(attack(red) | parse_qs(said(red)), doseq=True)
            browser = world.browser(who)
            browser.generic("POST", address(path, red), content, content_type=FORM)
            for table, columns in changed(before, kept()).items():
                assert columns <= set(meant.get(table, "").split()), (who, table)


@pytest.mark.parametrize("path", ["settings", "accounts/password/change/"])
def test_what_somebody_says_of_themselves_changes_nobody_else(world, red, path):
    before = kept()["accounts.User"]
    with undone():
        content = urlencode(attack(red) | parse_qs(said(red)), doseq=True)
        world.browser("admin").generic("POST", address(path, red), content, content_type=FORM)
        after = kept()["accounts.User"]
    different = {key for key, row in after.items() if row != before[key]}
    assert different == {red.people["admin"].pk}


@pytest.mark.parametrize("path", MEANT)
def test_what_a_form_is_for_happens(world, red, path):
    """So that the tests above do not pass because everything was refused."""
    if path.endswith(("/restore", "/resume")):
        pytest.skip("Nothing is withdrawn or paused here; what it changes stands as it was.")
    before = kept()
    with undone():
        content = urlencode(attack(red) | parse_qs(said(red)), doseq=True)
        is_operators = path.startswith("administration/") or path.endswith(("/setup", "/believe"))
        who = "operator" if is_operators else "admin"
        world.browser(who).generic("POST", address(path, red), content, content_type=FORM)
        assert set(MEANT[path]) <= set(changed(before, kept()))
