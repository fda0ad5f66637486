from __future__ import annotations

import pytest
from pytest_django.asserts import assertContains

pytestmark = pytest.mark.django_db
SAID = {
    "name": "Ada King",
    "nickname": "countess",
    "time_zone": "Europe/London",
    "day_ends_at": "4",
    "theme": "dark",
}


@pytest.fixture
def save(client, ada):
    client.force_login(ada)

    def saved(**changes):
        response = client.post("/settings", SAID | changes)
        ada.refresh_from_db()
        return response

    return saved


def test_what_a_person_says_of_themselves_is_kept(save, ada):
    assert save().url == "/settings"
    kept = (ada.name, ada.nickname, ada.time_zone, ada.day_ends_at, ada.theme)
    assert kept == ("Ada King", "countess", "Europe/London", 4, "dark")
    assert ada.hotkeys is False


def test_the_theme_and_the_shortcuts_show_on_every_page(save, client):
    save()
    page = client.get("/settings/connections")
    assertContains(page, 'data-theme="dark"')
    assertContains(page, 'data-hotkeys="off"')
    save(theme="", hotkeys="on")
    page = client.get("/settings/connections").content.decode()
    assert "data-theme" not in page
    assert "data-hotkeys" not in page


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", " ", "This field is required"),
        ("nickname", "a b", "Letters, digits, dots and dashes only"),
        ("nickname", "GRACE", "goes by @GRACE already"),
        ("time_zone", "Mars/Olympus", "Mars/Olympus is not one of the available choices"),
        ("day_ends_at", "13", "13 is not one of the available choices"),
        ("theme", "pink", "That is not one of the choices"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_changed(save, ada, grace, field, value, said):
    response = save(**{field: value})
    assertContains(response, said, status_code=422)
    assert ada.name == "Ada Lovelace"


def test_a_refused_name_is_not_shown_as_the_person_s(save):
    assertContains(save(name="Not Ada", time_zone="?"), "You, Ada Lovelace", status_code=422)


def test_one_keeps_one_s_own_nickname(save, ada):
    assert save(nickname="ada").status_code == 302
    assert save(nickname="").status_code == 302
