from __future__ import annotations

from django import forms

from idonethis.forms import Option, Picker
from idonethis.ui.views import SampleForm


class LinkForm(forms.Form):
    channel = forms.CharField(help_text="Where <entries> go.")
    note = forms.CharField(required=False)
    loud = forms.BooleanField(label="Say it aloud", required=False)
    repository = forms.ChoiceField(
        widget=Picker(search_url="/repositories?team=1"),
        choices=[("1", Option("ada/engine")), ("2", Option("mill", refused="Not an admin."))],
    )


def test_a_wrong_field_says_so_to_everybody():
    html = str(LinkForm({})["channel"].as_field_group())

    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_channel_helptext id_channel_error"' in html
    assert 'id="id_channel_error"' in html


def test_the_summary_leads_to_each_wrong_field():
    html = str(LinkForm({}))

    assert "2 things to put right" in html
    assert '<a href="#id_channel">Channel</a>: This field is required.' in html
    assert '<a href="#id_repository">Repository</a>' in html and 'id="id_repository"' in html


def test_a_form_that_was_not_sent_has_no_summary():
    assert "summary" not in str(LinkForm())


def test_help_text_is_escaped():
    assert "Where &lt;entries&gt; go." in str(LinkForm())


def test_optional_fields_say_so_and_checkboxes_do_not():
    html = str(LinkForm())
    assert html.count("(optional)") == 1


def test_a_refused_choice_cannot_be_picked_and_says_why():
    html = str(LinkForm()["repository"])

    assert html.count("disabled") == 1
    assert "Not an admin." in html


def test_the_search_box_of_a_picker_asks_the_server_where_it_has_an_address():
    assert 'hx-get="/repositories?team=1"' in str(LinkForm()["repository"])
    assert 'data-filters="id_repository_list"' in str(SampleForm()["repository"])


def test_a_picker_chosen_before_stays_chosen():
    html = str(LinkForm({"repository": "1"})["repository"])
    assert html.count("checked") == 1
