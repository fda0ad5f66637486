"""Where this server lets itself be sent: to partners, and not into the network around it. A
sentinel listens on this machine; whoever reaches it has got through."""

from __future__ import annotations

import re
import socket
from ipaddress import ip_address

import pytest

from idonethis.integrations import guard
from idonethis.integrations.guard import allowed
from idonethis.integrations.http import Again, Client, Failed, Never
from tests.attacks.sentinels import INSIDE, OUTSIDE, closing

pytestmark = pytest.mark.usefixtures("closed")
HOSTS = [
    # This machine, as one can write it.
    "127.0.0.1", "127.0.0.2", "127.1", "127.0.1", "localhost", "LOCALHOST", "2130706433",
    "0x7f000001", "0x7f.0.0.1", "0x7f.1", "0177.0.0.1", "0177.1", "017700000001", "127.255.255.254",
    "0.0.0.0", "0", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "[::127.0.0.1]",
    # As another script or a full stop of another width writes it.
    "127。0。0。1", "１２７.0.0.1", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "①②⑦.0.0.1",
    # Private, shared and reserved networks.
    "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.1.254",
    "100.64.0.1", "100.127.255.255", "169.254.0.1", "192.0.0.8", "192.0.2.1", "192.88.99.1",
    "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
    "240.0.0.1", "255.255.255.255", "[fc00::1]", "[fd12:3456::1]", "[fe80::1]", "[fe80::1%25lo]",
    "[fec0::1]", "[ff02::1]", "[2001:db8::1]", "[3fff::1]", "[5f00::1]", "[100::1]", "[2001::1]",
    # The metadata of cloud machines, straight, mapped, and through gateways between the protocols.
    "169.254.169.254", "0xa9fea9fe", "2852039166", "[::ffff:169.254.169.254]", "[fd00:ec2::254]",
    "169.254.170.2", "100.100.100.200", "168.63.129.16", "192.0.0.192", "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::]",
    "[2002:a00:1::1]", "[2001:0:7f00:1::]",
]  # fmt: skip


def test_sixty_ways_to_write_an_address_are_tried():
    assert len(HOSTS) > 60


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("form", ["http://{host}:{port}/", "http://ada:pw@{host}:{port}/x?y=z"])
def test_no_way_to_write_an_address_leads_inside(sentinel, host, form):
    with pytest.raises(Failed) as refused:
        Client().get(form.format(host=host, port=sentinel.port))
    assert sentinel.connections == 0
    assert isinstance(refused.value, Never) or "cannot be reached" in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "gopher://{inside}/_GET%20/", "ftp://{inside}/", "dict://{inside}/",
        "ldap://{inside}/", "data:text/plain,hello", "javascript:alert(1)", "ws://{inside}/",
        "unix:///var/run/docker.sock", "http:{inside}", "http:/{inside}", "http:///{inside}",
        "//{inside}/", "{inside}", "", "http://", "http://?", "http://[", "http://[::1", "http://:80",
        "http://{inside}\r\nHost: evil/", "http://exa\nmple.org/", "http://a b/", "http://\0/",
        "http://{inside}:99999/", "http://{inside}:-1/", "http://{inside}:x/",
        "http://example.org\\@{inside}/", "http://{inside}#@example.org/",
        "http://example.org@{inside}/", "http://%31%32%37.0.0.1/", "http://\ud800/",
        "http://" + "a" * 70 + ".org/", "http://" + "a." * 200 + "org/", "http://xn--a/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("base", ["", "http://partner.example:9"])
def test_what_is_no_web_address_is_a_sentence_and_no_failure_of_ours(
    sentinel, url, base, monkeypatch
):
    nobody = socket.gaierror("no such name")
    monkeypatch.setattr(guard.socket, "getaddrinfo", resolver(nobody))
    with pytest.raises(Failed) as refused:
        Client(base).get(url.format(inside=f"{INSIDE}:{sentinel.port}"))
    assert str(refused.value).endswith(".")
    assert sentinel.connections == 0


@pytest.mark.parametrize(
    "port", [22, 25, 53, 110, 143, 389, 445 - 56, 465, 587, 3306, 5432, 6379, 11211]
)
def test_what_is_no_web_server_is_not_spoken_to_like_one(port, settings):
    settings.ALLOWED_ADDRESSES = [INSIDE, f"{OUTSIDE}/32"]
    for host in (INSIDE, OUTSIDE, "example.org"):
        with pytest.raises(Never, match=f"no web server at port {port}"):
            Client().get(f"http://{host}:{port}/")


#: What the system reads as a number rather than asks for as a name.
NUMBER = re.compile(r"[0-9a-fx.:]+")


def resolver(*answers):
    """Names that change their mind: the first to ask hears the first answer, and so on."""
    real, rest = socket.getaddrinfo, list(answers)

    def getaddrinfo(host, port, *args, **kwargs):
        if NUMBER.fullmatch(host):
            return real(host, port, *args, **kwargs)
        answer = rest.pop(0) if len(rest) > 1 else rest[0]
        if isinstance(answer, Exception):
            raise answer
        found = [answer] if isinstance(answer, str) else answer
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    return getaddrinfo


def test_a_name_that_changes_its_mind_after_the_check_gains_nothing(outside, sentinel, monkeypatch):
    """Nobody listens there: only who asked again would find somebody."""
    monkeypatch.setattr(guard.socket, "getaddrinfo", resolver(OUTSIDE, INSIDE))
    outside()
    with pytest.raises(Again, match="cannot be reached"):
        Client().get(f"http://rebinding.example:{sentinel.port}/")
    assert sentinel.connections == 0


def test_the_next_time_it_is_looked_at_again(outside, sentinel, monkeypatch):
    server, _ = outside(lambda handler: closing(handler, b"{}"))
    monkeypatch.setattr(guard.socket, "getaddrinfo", resolver(OUTSIDE, INSIDE))
    url = f"http://rebinding.example:{server.port}/"
    assert Client().get(url).json == {}
    with pytest.raises(Never, match="private network"):
        Client().get(url)
    assert (server.connections, sentinel.connections) == (1, 0)


@pytest.mark.parametrize("answers", [[OUTSIDE, INSIDE], [INSIDE, OUTSIDE]])
def test_a_name_that_points_both_ways_is_reached_in_neither(
    outside, sentinel, monkeypatch, answers
):
    server, _ = outside()
    monkeypatch.setattr(guard.socket, "getaddrinfo", resolver(answers))
    with pytest.raises(Never, match="private network"):
        Client().get(f"http://both.example:{server.port}/")
    assert (server.connections, sentinel.connections) == (0, 0)


def test_a_redirect_is_not_followed(outside, sentinel):
    def away(handler):
        handler.send_response(handler.server.status)
        handler.send_header("Location", f"http://{INSIDE}:{sentinel.port}/secrets")
        handler.send_header("Refresh", f"0; url=http://{INSIDE}:{sentinel.port}/")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    server, url = outside(away)
    for server.status in (301, 302, 303, 307, 308):
        with pytest.raises(Failed):
            Client().get(url)
        with pytest.raises(Failed):
            Client().post(url, json={"secret": 1})
    assert sentinel.connections == 0


def test_a_proxy_of_the_environment_is_not_asked(outside, sentinel, monkeypatch):
    _, url = outside()
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://{INSIDE}:{sentinel.port}")
    assert Client().get(url).json == {}
    assert sentinel.connections == 0


@pytest.mark.parametrize("path", ["{url}/steal", "@{host}/", ".{host}/", "{host}"])
def test_a_token_goes_to_its_partner_and_to_nobody_that_an_answer_names(outside, path):
    partner, base = outside()
    thief, url = outside()
    client = Client(base, headers={"Authorization": "Bearer of-ada"})
    with pytest.raises(Never, match="is not an address of"):
        client.get(path.format(url=url, host=url.removeprefix("http://")))
    assert thief.connections == 0


def test_an_address_of_the_partner_s_own_may_be_whole(outside):
    _, base = outside()
    assert Client(f"{base}/api").get(f"{base}/api/next?page=2").json == {}


def test_so_may_one_of_those_that_the_partner_has_besides_and_no_third(outside):
    _, base = outside()
    _, login = outside()
    thief, url = outside()
    client = Client(base, headers={"Authorization": "Bearer of-ada"}, own=(base, login, ""))
    assert client.get(f"{login}/me.json").json == {}
    for path in (f"{url}/steal", "steal"):
        with pytest.raises(Never, match="is not an address of"):
            client.get(path)
    assert thief.connections == 0


def test_a_token_of_somebody_s_own_server_goes_there_alone(outside):
    _, typed = outside()
    vendor, cloud = outside()
    client = Client(typed, headers={"Authorization": "Bearer of-ada"}, own=(cloud,))
    with pytest.raises(Never, match="is not an address of"):
        client.get(f"{cloud}/projects?page=2")
    assert vendor.connections == 0


# What an operator may open.


@pytest.mark.parametrize(
    "host",
    ["169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "fd00:ec2::254",
     "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1", "::169.254.169.254"],
)  # fmt: skip
def test_the_metadata_of_a_cloud_machine_is_never_reached_whatever_is_allowed(settings, host):
    settings.ALLOWED_ADDRESSES = [
        "0.0.0.0/0",
        "::/0",
        host,
        f"{host}:80",
        "metadata",
        "metadata:80",
    ]
    for name in (host, "metadata"):
        assert not allowed(ip_address(host), host=name, port=80)


def test_what_an_operator_allows_is_open_and_nothing_beside_it(settings):
    settings.ALLOWED_ADDRESSES = ["10.1.0.0/16", "gitlab.internal", "192.168.7.7:8443"]
    assert allowed(ip_address("10.1.2.3"), host="x", port=443)
    assert allowed(ip_address("10.9.9.9"), host="gitlab.internal", port=443)
    assert allowed(ip_address("192.168.7.7"), host="192.168.7.7", port=8443)
    assert not allowed(ip_address("10.2.0.1"), host="x", port=443)
    assert not allowed(ip_address("10.9.9.9"), host="evil.gitlab.internal", port=443)
    assert not allowed(ip_address("192.168.7.7"), host="192.168.7.7", port=80)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "140.82.121.3", "2606:4700::1111"])
def test_the_rest_of_the_internet_is_open(address):
    assert allowed(ip_address(address), host=address, port=443)
