"""What an integration may say about itself. Everything else is done for it.

An integration is one folder in ``idonethis/partners``; its class inherits what it can do:
``Receives`` or ``ReceivesForAll`` (hooks in), ``Registers`` (makes its webhooks itself),
``Renews`` (those expire), ``ShakesHands`` (is handed its secret), ``TakesMail`` (mails
in, too), ``Expands`` (asks for what a hook
does not say), ``Polls`` (is asked now and then), ``Wakes`` (and when the partner says so),
``Backfills`` (lists what happened before), ``Replies`` (answers people at once), ``FollowsUp`` (and
once more), ``Posts`` (entries out), ``Sends`` (and they follow edits), ``Tells`` (of
each thing that happens to them). Where the partner tells
nothing by itself: ``Polls`` (is asked now and then), ``Converses`` (and answers people there).
"""

from __future__ import annotations

from idonethis.entries.drafts import (
    NOBODY,
    Actor,
    Detail,
    Draft,
    Growing,
    Retitle,
    Retract,
    Rewritten,
    Unproven,
)
from idonethis.integrations.answers import Refusal
from idonethis.integrations.asks import NOTHING, Asks, Place, Shows, Topic
from idonethis.integrations.expands import Expands
from idonethis.integrations.handshakes import ShakesHands
from idonethis.integrations.http import (
    Again,
    Answer,
    Answers,
    Client,
    Failed,
    Gone,
    NeedsPermission,
    NeedsReconnect,
    Never,
    Unwanted,
    Vanished,
)
from idonethis.integrations.incoming import (
    Backfills,
    FollowsUp,
    Receives,
    ReceivesForAll,
    Redelivers,
    Registers,
    Replies,
    SignsAsClient,
    SignsAsTold,
    SignsForAll,
)
from idonethis.integrations.kinds import Integration
from idonethis.integrations.mails.takes import TakesMail
from idonethis.integrations.messages import (
    AddressForm,
    ChannelForm,
    CredentialsForm,
    Message,
    PostsForm,
    calling_nobody,
    in_markdown,
    posted,
    posts,
    shortened,
)
from idonethis.integrations.outgoing import (
    ADDRESS_REFUSED,
    BY_ADDRESS,
    POSTED,
    News,
    Posts,
    PostsToAddress,
    Sends,
    SendsToPicked,
    Tells,
)
from idonethis.integrations.paces import Each, Pace
from idonethis.integrations.picks import Picks, PicksOne, choices_of, picked
from idonethis.integrations.reads import Converses, Polls, Reads
from idonethis.integrations.renews import Renews
from idonethis.integrations.shapes import instant, line, lines, record, records
from idonethis.integrations.signatures import (
    MILLISECONDS,
    STANDARD_WEBHOOKS,
    AnyOf,
    Basic,
    Hmac,
    InAddress,
    InBody,
    Jwt,
    PublicKey,
    PublishedJwt,
    Refused,
    SharedToken,
    Signature,
    Stamp,
    Text,
    fingerprint,
)
from idonethis.integrations.terms import (
    Directory,
    Ended,
    Event,
    Found,
    Link,
    LinkForm,
    Needed,
    Note,
    OAuth1,
    OAuth2,
    Scope,
    Suggested,
)
from idonethis.integrations.values import (
    EMPTY,
    Account,
    Address,
    Choice,
    Decision,
    FailedDelivery,
    Hook,
    Ignored,
    MadeHook,
    PastPage,
    Polled,
    Reason,
    Response,
    Revoked,
    Secret,
    StandingHook,
    Unreadable,
    Verdict,
    json_object,
)
from idonethis.integrations.wakes import Wakes

__all__ = [
    "ADDRESS_REFUSED", "BY_ADDRESS", "EMPTY", "MILLISECONDS", "NOBODY", "NOTHING", "POSTED",
    "STANDARD_WEBHOOKS", "Account", "Actor", "Address", "AddressForm", "Again", "Answer",
    "Answers", "AnyOf", "Asks", "Backfills", "Basic", "ChannelForm", "Choice", "Client",
    "Converses", "CredentialsForm", "Decision", "Detail", "Directory", "Draft", "Each", "Ended",
    "Event", "Expands", "Failed", "FailedDelivery", "FollowsUp", "Found", "Gone", "Growing",
    "Hmac", "Hook", "Ignored", "InAddress", "InBody", "Integration", "Jwt", "Link", "LinkForm",
    "MadeHook", "Message", "Needed", "NeedsPermission", "NeedsReconnect", "Never", "News",
    "Note", "OAuth1", "OAuth2", "Pace", "PastPage", "Picks", "PicksOne", "Place", "Polled",
    "Polls", "Posts", "PostsForm", "PostsToAddress", "PublicKey", "PublishedJwt", "Reads",
    "Reason", "Receives", "ReceivesForAll", "Redelivers", "Refusal", "Refused", "Registers",
    "Renews", "Replies", "Response", "Retitle", "Retract", "Revoked", "Rewritten", "Scope",
    "Secret", "Sends", "SendsToPicked", "ShakesHands", "SharedToken", "Shows", "Signature",
    "SignsAsClient", "SignsAsTold", "SignsForAll", "Stamp", "StandingHook", "Suggested",
    "TakesMail", "Tells", "Text", "Topic", "Unproven", "Unreadable", "Unwanted", "Vanished",
    "Verdict", "Wakes", "calling_nobody", "choices_of", "fingerprint", "in_markdown", "instant",
    "json_object", "line", "lines", "picked", "posted", "posts", "record", "records",
    "shortened",
]  # fmt: skip
