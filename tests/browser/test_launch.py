"""Starting the app: from any folder it answers this machine alone and calls nobody."""

import http.client
import sys
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest
from tests.browser.serving import SOURCE, Served, serving

from alssim.app.launch import command, entry_script
from alssim.errors import UsageError


def test_from_an_empty_folder_the_server_is_local(served: Served) -> None:
    with urllib.request.urlopen(f"{served.url}/_stcore/health") as answer:
        assert answer.read() == b"ok"
    used = served.addresses()
    assert f"socket.bind ('127.0.0.1', {served.port})" in used
    assert [one for one in used if "127.0.0.1" not in one and "localhost" not in one] == []


def test_streamlit_run_from_elsewhere_is_as_local(tmp_path: Path) -> None:
    def plain(port: int) -> list[str]:
        options = [f"--server.port={port}", "--server.headless=true"]
        return [sys.executable, "-m", "streamlit", "run", str(entry_script()), *options]

    with serving(tmp_path, plain) as app:
        assert f"socket.bind ('127.0.0.1', {app.port})" in app.addresses()
        assert handshake(app, "evil.example") == 403


def test_pages_that_pretend_to_be_the_server_are_refused(served: Served) -> None:
    assert handshake(served, "evil.example") == 403
    assert handshake(served, f"127.0.0.1:{served.port}") == 101


def test_the_configuration_lies_beside_the_entry_script() -> None:
    script = entry_script()
    assert script.name == "app.py"
    assert (script.parent / ".streamlit" / "config.toml").is_file()
    assert script.parent == SOURCE.parent  # in a checkout


def test_command_names_what_was_asked() -> None:
    assert command()[1:4] == ["-m", "streamlit", "run"]
    assert command(8600, headless=True)[-2:] == ["--server.headless=true", "--server.port=8600"]


@pytest.mark.parametrize("port", [-1, 0, 65536])
def test_ports_out_of_range_are_refused(port: int) -> None:
    with pytest.raises(UsageError, match="between 1 and 65535"):
        command(port)


def handshake(app: Served, host: str) -> int:
    """Ask for a session under a host name, as a page in a browser would."""
    asking = http.client.HTTPConnection("127.0.0.1", app.port, timeout=20)
    headers = {
        "Host": host,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }
    with closing(asking):
        asking.request("GET", "/_stcore/stream", headers=headers)
        return asking.getresponse().status
