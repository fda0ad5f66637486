"""What partners never send breaks nothing: every integration there is, with its own fixtures
spoiled in every way, through the preview, through the intake and through the processing. Each
fixture is spoiled once in every run, and beyond that as it comes."""

from __future__ import annotations

import logging
import sys
from dataclasses import replace
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from idonethis.entries.models import Entry
from idonethis.integrations import registry
from idonethis.integrations.base import Receives
from idonethis.integrations.models import Receipt
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.previewing import Preview
from idonethis.integrations.tests.every import Linked
from idonethis.integrations.values import Reason, Secret
from tests.attacks.conftest import undone
from tests.attacks.effort import tried
from tests.attacks.spoiling import each_spoiled, hooks

RECEIVING = [each for each in registry.integrations().values() if isinstance(each, Receives)]
receiving = pytest.mark.parametrize("integration", RECEIVING, ids=lambda i: i.integration_type)


def share(examples: int, *, least: int = 10) -> int:
    """Of what four integrations would get, and a few for each at least: every change waits for
    it."""
    return max(least, 4 * examples // len(RECEIVING))


#: For what has looked at each fixture before.
FEW = 5


@pytest.fixture
def failures():
    """What our own log calls an error."""
    heard, log = [], logging.getLogger("idonethis")

    class Hearing(logging.Handler):
        def emit(self, record):
            heard.append(record.getMessage())

    hearing = Hearing(logging.ERROR)
    log.addHandler(hearing)
    yield heard
    log.removeHandler(hearing)


@pytest.fixture
def linked(integration, team, ada):
    return Linked.make(integration, team, ada)


@receiving
@pytest.mark.parametrize("configured", [True, False])
def test_a_preview_never_fails(integration, configured):
    link = PlainLink(config=integration.defaults) if configured else PlainLink()

    def previewed(hook):
        fate = Preview(integration, hook, link).fate()
        assert fate.outcome != "error" or fate.reason is Reason.UNREADABLE, fate.why
        for draft in fate.drafts:
            assert draft.kind in ("done", "goal", "blocked")
            assert draft.url.startswith(("http://", "https://")) or not draft.url

    for hook in each_spoiled(integration):
        previewed(hook)
    tried(share(75, least=FEW))(given(hooks(integration))(previewed))()


FRAGILE = """
from idonethis.integrations.base import Hmac, Receives

class Fragile(Receives):
    name = "Fragile"
    event_header = "X-Event"
    signature = Hmac("X-Sign")
    crashes_at = ""

    def hook(self, hook, link):
        if hook.headers["x-event"] == self.crashes_at:
            raise ZeroDivisionError
        return iter(())

integration = Fragile()
"""
EVENTS = [f"event{number}" for number in range(12)]


@pytest.fixture
def fragile(tmp_path, monkeypatch):
    """An integration in a folder of its own, with a fixture of each event."""
    folder = tmp_path / "fragile"
    (folder / "fixtures").mkdir(parents=True)
    (folder / "integration.py").write_text(FRAGILE)
    for event in EVENTS:
        (folder / "fixtures" / f"{event}.json").write_text('{"id": 42}')
    monkeypatch.syspath_prepend(str(tmp_path))
    module = import_module("fragile.integration")
    yield module.integration
    for name in ("fragile", module.__name__):
        del sys.modules[name]


@pytest.mark.parametrize("event", EVENTS)
def test_a_parser_that_fails_over_one_certain_fixture_is_always_found(fragile, event):
    fragile.crashes_at = event
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        test_a_preview_never_fails(fragile, configured=False)


def test_a_parser_that_fails_over_none_is_left_in_peace(fragile):
    test_a_preview_never_fails(fragile, configured=False)


@receiving
@pytest.mark.django_db
def test_what_is_signed_ends_in_an_outcome_whatever_it_is(integration, linked, failures):
    def processed(hook, bots):
        if not integration.signature.carries(linked.genuine(hook.body, hook.headers)):
            return  # A body that cannot be read cannot show the secret.
        with undone():
            linked.link.config["bots"] = bots
            response = linked.post(hook.body, hook.headers, more=hook.more)
            assert response.status in (200, 400, 413)
            assert not Receipt.objects.exclude(state="done").exists()
            assert not Receipt.objects.filter(outcome="").exists()
            assert failures == []

    for hook in each_spoiled(integration):
        processed(hook, bots=True)
    tried(share(60, least=FEW))(given(hooks(integration), st.booleans())(processed))()


@receiving
@pytest.mark.django_db
def test_what_is_not_signed_leaves_no_trace_whatever_it_is(integration, linked, failures):
    @tried(share(40))
    @given(hooks(integration), st.data())
    def refused(hook, data):
        signed = integration.signature.sign(hook, linked.secret)
        forged = {name: data.draw(forgeries(genuine)) for name, genuine in signed.items()}
        with undone():
            if not forged or data.draw(st.booleans()):
                response = linked.post(hook.body, hook.headers, secret=Secret("not the secret"))
            else:
                response = linked.post(hook.body, hook.headers, **forged)
            assert response == integration.refused(Reason.BAD_SIGNATURE)
            assert not Receipt.objects.exists()
            assert not Entry.objects.exists()
            assert failures == []

    refused()


def forgeries(genuine):
    """Nearly right, or nothing like it."""
    near = (genuine[:-1], genuine + "0", genuine.upper(), genuine[::-1], genuine.partition("=")[2])
    far = ("", " ", "sha1=" + "0" * 40, "v0=", "none", "é" * 64, "\0", "9" * 400)
    found = st.one_of(st.sampled_from((*near, *far)), st.text(max_size=80))
    return found.filter(lambda forged: forged != genuine)


@receiving
@pytest.mark.django_db
def test_a_body_whose_signature_was_made_for_another_is_refused(integration, linked):
    """A bit turned over on the way, or a body put under the signature of another one."""

    @tried(share(40))
    @given(hooks(integration), hooks(integration))
    def swapped(hook, other):
        if hook.body == other.body:
            return
        other = replace(other, received_at=hook.received_at)
        signed = integration.signature.sign(other, linked.secret)
        if set(signed.values()) == set(integration.signature.sign(hook, linked.secret).values()):
            pytest.skip("This partner shows the secret itself and signs no body.")
        with undone():
            response = linked.post(hook.body, hook.headers, **signed)
            assert response == integration.refused(Reason.BAD_SIGNATURE)
            assert not Receipt.objects.exists()

    swapped()
