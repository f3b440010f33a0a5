"""Serving a class: one address, one allowed host, one link, and the same link on Start."""

import socket
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.app.opening import opened, told

from alssim.app.classroom import LINK, PLAIN_LINK, Classroom, class_link, classroom
from alssim.app.launch import command
from alssim.app.text import say
from alssim.errors import UsageError

ADDRESSES = st.ip_addresses(v=4).map(str)
PORTS = st.integers(1, 65535)
CODES = st.just("") | st.from_regex("[A-Z0-9]{3,10}", fullmatch=True)


@given(ADDRESSES, PORTS, CODES)
def test_address_and_allowed_host_are_set_together(address: str, port: int, code: str) -> None:
    room = Classroom(address, port, code)
    options = command(room=room)[5:]
    assert f"--server.address={address}" in options
    assert [one for one in options if "allowedHosts" in one] == [f"--server.allowedHosts={address}"]
    assert f"--server.port={port}" in options
    assert room.environment()[LINK] == room.link and PLAIN_LINK.fullmatch(room.link)


def test_without_a_class_the_address_is_that_of_the_configuration() -> None:
    assert not [one for one in command(8600) if "address" in one or "Hosts" in one]


def test_a_taken_port_is_said_and_otherwise_passed_over() -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port}: the port is taken"):
            classroom("127.0.0.1", port)
        assert classroom("127.0.0.1").port != port


@pytest.mark.parametrize(
    "address", ["", "0.0.0.0", "224.0.0.1", "::1", "example.org", "1.2.3", "x" * 999, "1.2.3.4/8"]
)
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(UsageError, match="not an IPv4 address of this machine"):
        classroom(address or "0.0.0.0")


def test_an_address_of_another_machine() -> None:
    with pytest.raises(UsageError, match=r"not one of this machine"):
        classroom("203.0.113.7")


def test_a_public_address_is_noticed() -> None:
    assert Classroom("8.8.8.8", 8501).outside
    assert not Classroom("192.168.1.20", 8501).outside


def test_start_shows_link_and_code_to_project(monkeypatch: pytest.MonkeyPatch) -> None:
    link = Classroom("192.168.1.20", 8501, "BIO7").link
    monkeypatch.setenv(LINK, link)
    at = opened("start")
    assert link == "http://192.168.1.20:8501/lessons?code=BIO7"
    assert f"[{link}]({link})" in told(at) and "<svg" in told(at)
    assert f'aria-label="{say("start.class.alt", link=link)}"' in told(at)


@pytest.mark.parametrize(
    "link", ["", "https://evil.example/", "http://1.2.3.4:80/<b>", "http://1.2.3.4:80/](x)"]
)
def test_start_shows_no_other_link(link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LINK, link)
    assert class_link() == "" and "<svg" not in told(opened("start"))
