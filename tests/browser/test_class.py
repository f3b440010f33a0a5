"""``alssim app --class``, served and opened: the link, the code, and who is turned away."""

import http.client
import sys
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from tests.browser.serving import Served, serving
from tests.browser.test_launch import handshake
from tests.browser.test_pages import DESKTOP, PHONE, expect, visitor


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The app as a class gets it; the network is this machine's own."""

    def make(port: int) -> list[str]:
        words = ["app", "--class", "BIO7", "--headless", "--address", "127.0.0.1"]
        return [sys.executable, "-m", "alssim", *words, "--port", str(port)]

    with serving(tmp_path_factory.mktemp("class"), make) as app:
        yield app


def test_only_the_address_of_the_class_is_answered(room: Served) -> None:
    assert handshake(room, f"127.0.0.1:{room.port}") == 101
    assert handshake(room, f"localhost:{room.port}") == 403
    assert handshake(room, "evil.example") == 403
    used = room.addresses()
    assert f"socket.bind ('127.0.0.1', {room.port})" in used
    with closing(http.client.HTTPConnection("127.0.0.1", room.port, timeout=20)) as asking:
        asking.request("GET", "/_stcore/health")
        assert asking.getresponse().status == 200


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_teacher_projects_the_link_and_a_student_opens_it(
    contexts: Any, room: Served, size: tuple[int, int]
) -> None:
    with visitor(contexts(size), room) as visit:
        page = visit()
        link = f"{room.url}/lessons?code=BIO7"
        code = page.get_by_role("img", name=f"QR code of the link {link}")
        code.wait_for()
        assert min(code.bounding_box()["width"], code.bounding_box()["height"]) > 150
        assert page.get_by_role("link", name=link).get_attribute("href") == link
        student = visit("lessons?code=BIO7")
        expect(student.get_by_label("Class code")).to_have_value("BIO7")
        student.get_by_label("Your number in the class").fill("3")
        student.get_by_role("button", name="Join the class").click()
        student.get_by_text("Class BIO7, number 3.").wait_for()
    used = room.addresses()
    assert [one for one in used if "127.0.0.1" not in one and "localhost" not in one] == []
