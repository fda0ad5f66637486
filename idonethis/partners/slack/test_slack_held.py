"""Twenty-five entries that waited for a reconnect stand in the channel in order, once."""

from __future__ import annotations

import threading

import pytest
from django.db import connections

from idonethis.integrations.models import Delivery
from idonethis.simulators import visitor

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def carry(until):
    try:
        while not until.is_set():
            Delivery.drain()
    finally:
        connections.close_all()


def test_what_waited_for_a_reconnect_is_posted_in_order_and_once(
    app, slack, link, workspace, log, posts, client
):
    app.grants.revoke("ada")
    bodies = [f"Turned the crank {number:02}" for number in range(25)]
    for body in bodies:
        log(body)
    assert posts() == []
    assert Delivery.objects.filter(state="held").count() == 25
    asked = visitor.read(slack, "journal?path=*chat.postMessage")["calls"]
    assert len(asked) == 1, "a refused grant was tried again"

    there = client.post("/auth/slack")["Location"]
    client.get("/auth/slack/callback", visitor.consent(there, "ada"))
    over = threading.Event()
    carriers = [threading.Thread(target=carry, args=(over,)) for _ in range(4)]
    for carrier in carriers:
        carrier.start()
    while Delivery.objects.exclude(state="done").exists():
        over.wait(0.05)
    over.set()
    for carrier in carriers:
        carrier.join()
    assert [post.partition("\n")[2] for post in posts()] == bodies
