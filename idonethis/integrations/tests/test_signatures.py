"""Every way to sign: what its inventor published is genuine, and whatever differs is refused."""

from __future__ import annotations

import base64
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import orjson
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from idonethis.integrations.signatures import (
    MILLISECONDS,
    STANDARD_WEBHOOKS,
    Algorithm,
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
    Stamp,
    Text,
    TooOld,
    UnknownKey,
)
from idonethis.integrations.signatures.published_jwts import our_keys
from idonethis.integrations.values import Hook, Secret

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
URL = "https://log.example.org/integrations/foundry/hook/abc"
BODY = b'{"casting": "wheel 7", "smith": "Ada"}'

#: Secret, body, time, headers and way, as the inventors' own pages show them.
PUBLISHED = {
    # https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
    "GitHub": (
        "It's a Secret to Everybody",
        b"Hello, World!",
        None,
        {
            "x-hub-signature-256": "sha256="
            "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
        },
        Hmac("X-Hub-Signature-256", prefix="sha256="),
    ),
    # https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/
    "Bitbucket": (
        "It's a Secret to Everybody",
        b"Hello World!",
        None,
        {
            "x-hub-signature": "sha256="
            "a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
        },
        Hmac("X-Hub-Signature", prefix="sha256="),
    ),
    # https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    "Standard Webhooks": (
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        b'{"test": 2432232314}',
        1614265330,
        {
            "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp": "1614265330",
            "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        },
        STANDARD_WEBHOOKS,
    ),
    # https://docs.svix.com/receiving/verifying-payloads/how-manual
    "Svix": (
        "plJ3nmyCDGBKInavdOK15jsl",
        b'{"event_type":"ping","data":{"success":true}}',
        1731705121,
        {
            "webhook-id": "msg_loFOjxBNrRLzqYUf",
            "webhook-timestamp": "1731705121",
            "webhook-signature": "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=",
        },
        STANDARD_WEBHOOKS,
    ),
}

WAYS = {
    "sha1 in hex": Hmac("x-sign", prefix="sha1=", algorithm="sha1"),
    "sha256 in hex": Hmac("x-sign"),
    "sha512 in base64": Hmac("x-sign", algorithm="sha512", encoding=Text.BASE64),
    "time in a header": Hmac(
        "x-sign", prefix="v0=", template="v0:{timestamp}:{body}", stamp=Stamp("x-time")
    ),
    "time in the list": Hmac(
        "x-sign",
        prefix="v1=",
        template="{timestamp}.{body}",
        separator=",",
        stamp=Stamp(part="t="),
    ),
    "several": Hmac("x-sign", prefix="v1=", separator=","),
    "bound to the address": Hmac(
        "x-sign",
        template="{method}{url}{body}{timestamp}",
        encoding=Text.BASE64,
        stamp=Stamp("x-time", per_second=MILLISECONDS),
    ),
    "standard": STANDARD_WEBHOOKS,
    "token": SharedToken("x-token"),
    "bearer": SharedToken("authorization", prefix="Bearer "),
    "basic": Basic(),
    "address": InAddress(),
    "body": InBody("token"),
    "jwt": Jwt(claims={"aud": "{url}"}),
    "published keys": PublishedJwt("smith@engines.example.org", "{web}/keys").knowing(our_keys()),
    "better first": AnyOf((Hmac("x-sign"), SharedToken("x-token"))),
}


def signed(way, secret, *, body=BODY, at=NOW, url=URL) -> Hook:
    """As a genuine sender sends it."""
    full = way.address(url, secret)
    plain = Hook(
        body,
        {"content-type": "application/json"},
        query=urlsplit(full).query,
        received_at=at,
        url=full,
    )
    if body is BODY:
        plain = way.stamped(plain, secret)
    return replace(plain, headers=plain.headers | way.sign(plain, secret))


@pytest.mark.parametrize("name", PUBLISHED)
def test_what_the_inventor_published_is_genuine(name):
    secret, body, time, headers, way = PUBLISHED[name]
    at = datetime.fromtimestamp(time, UTC) if time else NOW
    hook = Hook(body, headers, received_at=at)
    way.check(hook, [Secret(secret)])
    with pytest.raises(Refused):
        way.check(replace(hook, body=body + b" "), [Secret(secret)])
    if time:
        with pytest.raises(TooOld):
            way.check(replace(hook, received_at=at + timedelta(minutes=6)), [Secret(secret)])


@pytest.fixture(params=WAYS)
def way(request):
    return WAYS[request.param]


@pytest.fixture
def secret(way):
    return way.new_secret()


def test_a_genuine_hook_is_taken_with_any_secret_that_is_valid(way, secret):
    hook = signed(way, secret)
    way.check(hook, [secret])
    way.check(hook, [way.new_secret(), secret])
    assert way.carries(hook)


def test_without_a_secret_nothing_is_genuine(way, secret):
    for secrets in ([], [Secret("")], [Secret(""), Secret("")]):
        for hook in (signed(way, secret), Hook(BODY, url=URL), Hook(BODY, query="key=", url=URL)):
            with pytest.raises(Refused):
                way.check(hook, secrets)


@pytest.mark.parametrize("empty", ["", "whsec_"])
def test_what_is_signed_with_an_empty_key_is_refused(empty):
    """Which anybody has; only the library's own digest makes it, since ours signs nothing so."""
    at = str(int(NOW.timestamp()))
    plain = hmac.new(b"", BODY, "sha256").hexdigest()
    standard = base64.b64encode(hmac.digest(b"", f"1.{at}.".encode() + BODY, "sha256")).decode()
    headers = {"x-sign": plain, "webhook-id": "1", "webhook-timestamp": at}
    headers["webhook-signature"] = f"v1,{standard}"
    for way in (Hmac("x-sign", key_prefix="whsec_"), STANDARD_WEBHOOKS):
        with pytest.raises(Refused):
            way.check(Hook(BODY, headers, received_at=NOW, url=URL), [Secret(empty)])


def test_user_and_password_are_those_of_the_standard():
    """Its example: https://www.rfc-editor.org/rfc/rfc7617#section-2"""
    hook = Hook(BODY, {"authorization": "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}, url=URL)
    Basic("Aladdin").check(hook, [Secret("open sesame")])
    for way, password in ((Basic("Jasmin"), "open sesame"), (Basic("Aladdin"), "open barley")):
        with pytest.raises(Refused):
            way.check(hook, [Secret(password)])


def test_another_secret_is_refused(way, secret):
    with pytest.raises(Refused):
        way.check(signed(way, way.new_secret()), [secret])


#: What becomes of each header in turn, or of the query where the secret stands in it.
SPOILED = {
    "missing": lambda text: "",
    "blank": lambda text: " ",
    "cut": lambda text: text[:-1],
    "its half": lambda text: text[: len(text) // 2],
    "longer": lambda text: f"{text}0",
    "the other way round": lambda text: text[::-1],
    "in capitals": lambda text: text.upper() if text != text.upper() else "",
    "eight thousand": lambda text: "a" * 8000,
    "not ASCII": lambda text: "é" * 64,
    "a null": lambda text: "\0",
    "of another kind": lambda text: f"v0={text}",
    "of no kind": lambda text: text.partition("=")[2] or "x",
    "zeros": lambda text: "0" * len(text),
    "with commas": lambda text: "," * 50,
    "a space inside": lambda text: text[:4] + " " + text[4:],
    "a line inside": lambda text: text[:4] + "\n" + text[4:],
    "as JSON": lambda text: '{"alg": "none"}',
    "not a number": lambda text: "NaN",
    "far too large": lambda text: "9" * 30,
    "negative": lambda text: f"-{text}",
}


@pytest.mark.parametrize("spoiled", SPOILED)
def test_whatever_differs_from_what_was_signed_is_refused(way, secret, spoiled):
    hook = signed(way, secret)
    spoil = SPOILED[spoiled]
    for name in way.sign(hook, secret):
        headers = {**hook.headers, name: spoil(hook.headers[name])}
        with pytest.raises(Refused):
            way.check(replace(hook, headers=headers), [secret])
    if hook.query:
        key, _, value = hook.query.partition("=")
        with pytest.raises(Refused):
            way.check(replace(hook, query=f"{key}={spoil(value)}"), [secret])


def covers_body(way):
    return isinstance(way, Hmac) or (isinstance(way, AnyOf) and isinstance(way.ways[0], Hmac))


@pytest.mark.parametrize(
    "body", [BODY + b" ", BODY[:-1], b"", b"\xef\xbb\xbf" + BODY, BODY.replace(b"7", b"8"), b"\xff"]
)
def test_another_body_is_refused_where_the_body_is_signed(way, secret, body):
    if covers_body(way):
        with pytest.raises(Refused):
            way.check(replace(signed(way, secret), body=body), [secret])


@pytest.mark.parametrize("minutes", [6, -6, 60 * 24 * 365, -60 * 24 * 365])
def test_another_time_is_refused_where_one_is_signed(way, secret, minutes):
    hook = signed(way, secret, at=NOW + timedelta(minutes=minutes))
    if isinstance(way, Hmac) and way.stamp:
        with pytest.raises(TooOld):
            way.check(replace(hook, received_at=NOW), [secret])


def test_nearly_five_minutes_are_no_other_time(way, secret):
    for seconds in (299, -299):
        hook = signed(way, secret, at=NOW + timedelta(seconds=seconds))
        way.check(replace(hook, received_at=NOW), [secret])


def test_one_of_several_signatures_is_enough_and_no_more_than_a_few_are_looked_at():
    way, secret = WAYS["several"], Secret("s")
    [genuine] = signed(way, secret).headers.keys() - {"content-type"}
    right = signed(way, secret).headers[genuine]
    few = Hook(BODY, {genuine: f"v1=00,{right}"}, received_at=NOW)
    way.check(few, [secret])
    many = Hook(BODY, {genuine: "v1=00," * 500 + right}, received_at=NOW)
    with pytest.raises(Refused):
        way.check(many, [secret])


def test_what_is_bound_to_an_address_is_good_for_no_other():
    for name in ("bound to the address", "jwt"):
        way = WAYS[name]
        secret = way.new_secret()
        hook = signed(way, secret)
        with pytest.raises(Refused):
            way.check(replace(hook, url="https://mallory.example.net/hook"), [secret])


def test_a_body_that_says_when_it_was_signed_is_believed_once_it_is_genuine():
    way = Hmac("x-sign", stamp=Stamp(field="at", per_second=MILLISECONDS))
    secret = Secret("s")
    body = b'{"at": %d}' % (NOW.timestamp() * 1000)
    hook = signed(way, secret, body=body)
    way.check(hook, [secret])
    with pytest.raises(TooOld):
        way.check(replace(hook, received_at=NOW + timedelta(minutes=6)), [secret])
    for strange in (b"{}", b"[]", b'{"at": null}', b'{"at": "soon"}'):
        with pytest.raises(Refused):
            way.check(signed(way, secret, body=strange), [secret])


def test_a_time_may_be_written_out():
    way = Hmac("x-sign", template="{timestamp}{body}", stamp=Stamp("x-time"))
    stamped = Hook(BODY, {"x-time": "2026-11-24T09:29:00Z"}, received_at=NOW)
    expected = way._expected(stamped, Secret("s"), "2026-11-24T09:29:00Z").decode()
    way.check(replace(stamped, headers={**stamped.headers, "x-sign": expected}), [Secret("s")])


def test_who_can_sign_better_is_not_taken_at_a_worse_way():
    way, secret = WAYS["better first"], Secret("s")
    both = Hook(BODY, {"x-sign": "0" * 64, "x-token": "s"}, received_at=NOW)
    with pytest.raises(Refused):
        way.check(both, [secret])
    way.check(replace(both, headers={"x-token": "s"}), [secret])


@pytest.mark.parametrize("algorithm", ["none", "HS512", "HS384"])
def test_a_token_does_not_say_itself_how_it_is_believed(algorithm):
    way = WAYS["jwt"]
    secret = way.new_secret()
    claims = {"aud": URL, "exp": int(NOW.timestamp()) + 60}
    if algorithm == "none":
        parts = (base64.urlsafe_b64encode(b'{"alg":"none"}'), b"e30", b"")
        token = b".".join(part.rstrip(b"=") for part in parts).decode()
    else:
        key = OctKey.import_key(secret)
        token = jwt.encode({"alg": algorithm}, claims, key, algorithms=[algorithm])
    hook = Hook(BODY, {"authorization": token}, received_at=NOW, url=URL)
    with pytest.raises(Refused):
        way.check(hook, [secret])


@pytest.mark.parametrize(("leeway", "ahead"), [(0, 0), (60, 59)])
def test_a_token_of_a_clock_that_is_ahead_is_taken_as_far_as_is_said(leeway, ahead):
    way, secret = Jwt(leeway=leeway), WAYS["jwt"].new_secret()

    def sent(ahead):
        at = int(NOW.timestamp()) + ahead
        token = jwt.encode({"alg": "HS256"}, {"iat": at, "exp": at + 1}, OctKey.import_key(secret))
        return Hook(BODY, {"authorization": token}, received_at=NOW, url=URL)

    way.check(sent(ahead), [secret])
    for wrong in (leeway + 1, -leeway - 2):
        with pytest.raises(Refused):
            way.check(sent(wrong), [secret])


@pytest.mark.parametrize(
    "claims", [{}, {"aud": URL}, {"aud": URL, "exp": 1}, {"exp": int(NOW.timestamp()) + 60}]
)
def test_a_token_that_ran_out_or_says_too_little_is_refused(claims):
    way = WAYS["jwt"]
    secret = way.new_secret()
    token = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(secret))
    hook = Hook(BODY, {"authorization": token}, received_at=NOW, url=URL)
    with pytest.raises(Refused):
        way.check(hook, [secret])


def pair(algorithm):
    """A private key, and its other half as a partner shows it."""
    if algorithm is Algorithm.ED25519:
        private = ed25519.Ed25519PrivateKey.generate()
        return private, Secret(private.public_key().public_bytes_raw().hex())
    if algorithm is Algorithm.ECDSA:
        private = ec.generate_private_key(ec.SECP256R1())
    else:
        private = rsa.generate_private_key(65537, 2048)
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private, Secret(base64.b64encode(public).decode())


@pytest.mark.parametrize("algorithm", Algorithm)
def test_only_who_has_the_private_key_is_genuine(algorithm):
    encoding = Text.HEX if algorithm is Algorithm.ED25519 else Text.BASE64
    way = PublicKey("x-sign", Stamp("x-time"), algorithm, encoding)
    private, public = pair(algorithm)
    hook = Hook(BODY, received_at=NOW)
    headers = way.signed_by(private, hook)
    genuine = replace(hook, headers=headers)
    way.check(genuine, [public])
    assert way.fits(public) and not way.fits(Secret("zz"))
    with pytest.raises(TooOld):
        way.check(replace(genuine, received_at=NOW + timedelta(minutes=6)), [public])
    others = pair(algorithm)
    forged = [
        (replace(genuine, body=BODY + b" "), public),
        (replace(genuine, headers={**headers, "x-sign": "00"}), public),
        (replace(genuine, headers={**headers, "x-sign": "é"}), public),
        (replace(genuine, headers={**headers, "x-time": "1"}), public),
        (replace(hook, headers=way.signed_by(others[0], hook)), public),
        (genuine, others[1]),
        (genuine, Secret("not a key")),
        (genuine, Secret("")),
    ]
    for hook, secret in forged:
        with pytest.raises(Refused):
            way.check(hook, [secret])


def test_a_secret_in_an_address_is_what_a_person_copies():
    way = InAddress("token")
    secret = way.new_secret()
    assert way.brought(URL, secret) == {"Address with the secret in it": f"{URL}?token={secret}"}
    assert Basic("bot").brought(URL, secret) == {"User name": "bot", "Password": secret}


BODIES = {
    "JSON": (b'{"token": "hunter2", "text": "hunter3"}', "application/json"),
    "a form": (b"text=hunter3&token=hunter2", "application/x-www-form-urlencoded"),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_secret_in_the_body_is_taken_out_of_what_is_stored(name):
    body, kind = BODIES[name]
    hook, way = Hook(body, {"content-type": kind}), AnyOf((SharedToken("x-token"), InBody("token")))
    way.check(hook, [Secret("hunter2")])
    kept = way.without_secret(hook)
    assert b"hunter2" not in kept.body and b"hunter3" in kept.body
    with pytest.raises(Refused):
        way.check(kept, [Secret("hunter2")])


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b'{"token": null}', b'{"token": ["x"]}', b"{", b"\xff", b"{}"]
)
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
def test_a_body_that_shows_no_secret_is_refused_and_stored_as_it_came(body, kind):
    hook, way = Hook(body, {"content-type": kind}), InBody("token")
    for secret in ("x", "None", "['x']"):
        with pytest.raises(Refused):
            way.check(hook, [Secret(secret)])
    assert way.without_secret(hook).body == hook.body or b"token" in body


EACH = InBody("token", each="value")


def listing(*tokens):
    value = [{"token": token, "text": "hunter3"} for token in tokens]
    return Hook(
        orjson.dumps({"value": value, "kind": "news"}), {"content-type": "application/json"}
    )


def test_a_secret_in_each_thing_of_a_list_is_asked_of_all_and_taken_out_of_all():
    hook = listing("hunter2", "hunter2")
    EACH.check(hook, [Secret("hunter1"), Secret("hunter2")])
    kept = EACH.without_secret(hook)
    assert b"hunter2" not in kept.body and kept.body.count(b"hunter3") == 2
    assert kept.json["kind"] == "news"
    assert EACH.stamped(kept, Secret("hunter2")).json == hook.json


@pytest.mark.parametrize(
    "tokens",
    [(), ("x",), ("hunter2", "x"), ("x", "hunter2"), ("hunter2", None), (["hunter2"],)],
    ids=str,
)
def test_one_thing_of_a_list_without_the_secret_is_enough_to_refuse_all(tokens):
    with pytest.raises(Refused):
        EACH.check(listing(*tokens), [Secret("hunter2")])


ISSUER, AUDIENCE = "smith@engines.example.org", Secret("1842")
SMITHS = {name: RSAKey.generate_key(2048, {"kid": name}) for name in ("one", "two", "three")}
#: "three" is the smith's, too, and not yet published here.
KEYS = {"keys": [SMITHS[name].as_dict(private=False) for name in ("one", "two")]}
SMITH = PublishedJwt(ISSUER, "{web}/keys")
MALLORYS = RSAKey.generate_key(2048, {"kid": "one"})
NOON = int(NOW.timestamp())
CLAIMS = {"iss": ISSUER, "aud": AUDIENCE, "iat": NOON, "exp": NOON + 300}


def token(*, key=SMITHS["one"], algorithm="RS256", header=None, **claims):
    said = {name: value for name, value in {**CLAIMS, **claims}.items() if value is not None}
    named = {"alg": algorithm, "kid": "one", **(header or {})}
    named = {name: value for name, value in named.items() if value is not None}
    return "Bearer " + jwt.encode(named, said, key, algorithms=[algorithm])


def showing(text):
    return Hook(BODY, {"authorization": text}, received_at=NOW, url=URL)


def written(part):
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


def unsigned(header):
    return f"{written(json.dumps(header).encode())}.{written(json.dumps(CLAIMS).encode())}."


def with_password(word):
    """HS256, which whoever asks the token itself would check with what everybody knows."""
    text = unsigned({"alg": "HS256", "kid": "one"})
    return f"Bearer {text}{written(hmac.digest(word, text[:-1].encode(), 'sha256'))}"


@pytest.fixture
def smith():
    return SMITH.knowing(SMITH.published(KEYS))


GENUINE = {
    "as usual": token(),
    "by the other key": token(key=SMITHS["two"], header={"kid": "two"}),
    "for many": token(aud=[AUDIENCE, "1843"]),
    "with more": token(nbf=NOON, sub="anybody"),
    "by a clock that is slow": token(exp=NOON - 299),
    "by a clock that is fast": token(iat=NOON + 299),
}


@pytest.mark.parametrize("genuine", GENUINE)
def test_a_token_by_any_of_the_published_keys_is_genuine(smith, genuine):
    smith.check(showing(GENUINE[genuine]), [Secret("1842000"), AUDIENCE])


FORGED = {
    "no algorithm": f"Bearer {unsigned({'alg': 'none', 'kid': 'one'})}",
    "no algorithm, written otherwise": f"Bearer {unsigned({'alg': 'None', 'kid': 'one'})}",
    "no signature": token().rpartition(".")[0] + ".",
    "no signature at all": token().rpartition(".")[0],
    "the public key as a password": with_password(SMITHS["one"].as_pem(private=False)),
    "the public key as a password, as it is published": with_password(
        SMITH.published(KEYS)["one"].encode()
    ),
    "another algorithm of the same key": token(algorithm="PS256"),
    "a longer digest": token(algorithm="RS512"),
    "a key of Mallory's under the name of the smith's": token(key=MALLORYS),
    "a key of the smith's under the name of another": token(header={"kid": "two"}),
    "a key that it brings itself": token(
        key=MALLORYS, header={"kid": None, "jwk": MALLORYS.as_dict(private=False)}
    ),
    "an address of a key": token(
        key=MALLORYS, header={"kid": None, "jku": "https://mallory.example.net/keys"}
    ),
    "no name of a key": token(header={"kid": None}),
    "a name that is empty": token(header={"kid": ""}),
    "somebody else's": token(aud="1843"),
    "for many, but not for us": token(aud=["1843", "1844"]),
    "for nobody": token(aud=None),
    "for an empty name": token(aud=""),
    "part of the name": token(aud="184"),
    "a number": token(aud=1842),
    "by another issuer": token(iss="mallory@example.net"),
    "by nobody": token(iss=None),
    "by several": token(iss=[ISSUER]),
    "one that has run out": token(exp=NOON - 301),
    "one that never runs out": token(exp=None),
    "one whose end is no number": token(exp="soon"),
    "one whose end is NaN": token(exp=float("nan")),
    "one whose end is true": token(exp=True),
    "one that is not yet valid": token(nbf=NOON + 301),
    "one that is made tomorrow": token(iat=NOON + 86_400),
    "one without the word before it": token().removeprefix("Bearer "),
    "one with another word before it": token().replace("Bearer", "Basic"),
    "the word alone": "Bearer ",
    "no JSON": "Bearer e30.W10.AAAA",
    "a list": f"Bearer {unsigned(['RS256'])}AAAA",
    "a key named by a list": f"Bearer {unsigned({'alg': 'RS256', 'kid': ['one']})}AAAA",
    "a header that must be understood": (
        f"Bearer {unsigned({'alg': 'RS256', 'kid': 'one', 'crit': ['x'], 'x': 1})}AAAA"
    ),
}


@pytest.mark.parametrize("forged", FORGED)
def test_a_token_that_differs_in_anything_is_refused(smith, forged):
    with pytest.raises(Refused):
        smith.check(showing(FORGED[forged]), [AUDIENCE])


def test_whose_name_is_no_secret_here_is_refused_and_so_is_everybody_without_one(smith):
    for secrets in ([], [Secret("")], [Secret("1843")]):
        with pytest.raises(Refused):
            smith.check(showing(token()), secrets)
        for nobody in ("", [""]):
            with pytest.raises(Refused):
                smith.check(showing(token(aud=nobody)), secrets)


def test_a_key_that_is_not_known_yet_says_so_and_is_taken_once_it_is(smith):
    fresh = showing(token(key=SMITHS["three"], header={"kid": "three"}))
    with pytest.raises(UnknownKey):
        smith.check(fresh, [AUDIENCE])
    later = {"keys": [SMITHS[name].as_dict(private=False) for name in ("two", "three")]}
    replaced = smith.knowing(smith.published(later))
    replaced.check(fresh, [AUDIENCE])
    with pytest.raises(UnknownKey):
        replaced.check(showing(token()), [AUDIENCE])


def test_only_a_token_that_could_be_the_partners_asks_for_a_key_that_is_not_known(smith):
    for text in ("", "Bearer ", FORGED["no algorithm"], token(key=MALLORYS)):
        with pytest.raises(Refused) as refused:
            smith.check(showing(text), [AUDIENCE])
        assert not isinstance(refused.value, UnknownKey), text


SHORT = rsa.generate_private_key(65537, 1024).public_key().public_numbers().n.to_bytes(128)
CURVE = {"kty": "EC", "kid": "curve", "crv": "P-256", "x": "AA", "y": "AA"}


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        "keys",
        {},
        {"keys": {}},
        {"keys": [None, 1, "x", {}]},
        {"keys": [SMITHS["one"].as_dict(private=False) | {"kid": ""}]},
        {"keys": [SMITHS["one"].as_dict(private=True)]},
        {"keys": [{"kty": "RSA", "kid": "short", "n": written(SHORT), "e": "AQAB"}]},
        {"keys": [CURVE]},
        {"keys": [{"kty": "oct", "kid": "o", "k": "c2VjcmV0"}]},
        {"keys": [{"kty": "RSA", "kid": "x", "n": "AA", "e": "AQAB"}]},
        {"keys": [{"kty": "RSA", "kid": "x", "n": 7, "e": []}]},
    ],
)
def test_what_is_no_key_that_anybody_should_use_is_left_out(said):
    assert SMITH.published(said) == {}
