"""A visit to the app without a browser: the websocket and the messages of Streamlit's protocol.

A visit does what a browser does: it keeps what is on the page, sends one change at a time with the
link of the screen, and has its answer when the server says that the page is finished. It draws
nothing. It holds no messages back to be referred to, so every answer is sent in full.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

PATIENCE = 60.0
"""Seconds after which an answer counts as lost."""
FINISHED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
Change = Callable[[WidgetState], None]


class WrongAnswer(Exception):
    """The page showed an error, or not what it should."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An element on the page: where it stands, what it is, and its fragment (empty: none)."""

    element: Element
    fragment: str

    @property
    def kind(self) -> str:
        """The kind of element, such as ``slider``."""
        return self.element.WhichOneof("type") or ""

    @property
    def id(self) -> str:
        """The name by which the server knows a control; empty for what is none."""
        return str(getattr(getattr(self.element, self.kind), "id", "")) if self.kind else ""

    def has_key(self, key: str) -> bool:
        """Whether this is the control of a key of the session."""
        return self.id.endswith(f"-{key}")

    @property
    def label(self) -> str:
        """What is written on a control."""
        return str(getattr(getattr(self.element, self.kind), "label", ""))


@dataclass(slots=True)
class Visit:
    """One visit to a page; used as ``async with Visit(url) as visit``.

    received  bytes so far;  link: the screen, after the question mark;  touched: controls changed
    """

    url: str
    received: int = 0
    link: str = ""
    touched: set[str] = field(default_factory=set)
    _page: str = ""
    _hash: str = ""
    _shown: dict[tuple[int, ...], Shown] = field(default_factory=dict)
    _fresh: dict[tuple[int, ...], Shown] = field(default_factory=dict)
    _line: ClientConnection | None = None

    async def __aenter__(self) -> "Visit":
        asked = urlsplit(self.url)
        self._page, self.link = asked.path.strip("/"), asked.query
        self._line = await connect(
            f"ws://{asked.netloc}/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=None,
            compression=None,
            open_timeout=PATIENCE,
        )
        await self._ask()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._line is not None:
            await self._line.close()

    # ------------------------------------------------------------------------ what is there

    def all(self, kind: str) -> Iterator[Shown]:
        """Return the elements of a kind, in the order in which the page has them."""
        for _, shown in sorted(self._shown.items()):
            if shown.kind == kind:
                yield shown

    def keyed(self, kind: str, key: str) -> Shown:
        """Return the control of a key of the session."""
        return self._one(kind, key, lambda one: one.has_key(key))

    def labelled(self, kind: str, label: str) -> Shown:
        """Return the control with a label."""
        return self._one(kind, label, lambda one: one.label == label)

    def has(self, kind: str, label: str) -> bool:
        """Whether there is a control with a label that can be used."""
        found = [one for one in self.all(kind) if one.label == label]
        return any(not getattr(one.element, kind).disabled for one in found)

    def _one(self, kind: str, words: str, wanted: Callable[[Shown], bool]) -> Shown:
        for one in self.all(kind):
            if wanted(one):
                return one
        raise WrongAnswer(f"{self._page}: there is no {kind} {words!r}")

    # ----------------------------------------------------------------------- what is done

    async def press(self, button: Shown) -> float:
        """Press a button; return the seconds until the page was finished."""
        return await self._change(button, lambda state: _set(state, "trigger_value", True))

    async def slide(self, slider: Shown, value: float) -> float:
        """Move a slider over numbers; return the seconds until the page was finished."""
        return await self._change(slider, lambda state: state.double_array_value.data.append(value))

    async def pick(self, options: Shown, word: str) -> float:
        """Pick one of several words; return the seconds until the page was finished."""
        if options.kind in ("radio", "selectbox"):
            return await self._change(options, lambda state: _set(state, "string_value", word))
        return await self._change(options, lambda state: state.string_array_value.data.append(word))

    async def tell(self, component: Shown, told: str) -> float:
        """Say what a component of the page would say, in JSON; return the seconds as above."""
        return await self._change(component, lambda state: _set(state, "json_value", told))

    async def _change(self, control: Shown, change: Change) -> float:
        state = WidgetState(id=control.id)
        change(state)
        self.touched.add(control.id)
        return await self._ask(state, control.fragment)

    async def _ask(self, state: WidgetState | None = None, fragment: str = "") -> float:
        asked = ClientState(
            query_string=self.link,
            page_script_hash=self._hash,
            page_name="" if self._hash else self._page,
            fragment_id=fragment,
        )
        asked.context_info.color_scheme = "light"
        if state is not None:
            asked.widget_states.widgets.append(state)
        began = time.perf_counter()
        await self._connection.send(BackMsg(rerun_script=asked).SerializeToString())
        async with asyncio.timeout(PATIENCE):
            await self._answer(bool(fragment))
        took = time.perf_counter() - began
        self._check()
        return took

    @property
    def _connection(self) -> ClientConnection:
        assert self._line is not None
        return self._line

    # --------------------------------------------------------------------- what comes back

    async def _answer(self, part: bool) -> None:
        """Take messages until the page is finished; ``part``: only a fragment of it runs."""
        self._fresh = dict(self._shown) if part else {}
        while True:
            raw = await self._connection.recv()
            assert isinstance(raw, bytes)
            self.received += len(raw)
            message = ForwardMsg.FromString(raw)
            kind = message.WhichOneof("type")
            if kind == "delta":
                self._draw(tuple(message.metadata.delta_path), message.delta)
            elif kind == "page_info_changed":
                self.link = message.page_info_changed.query_string
            elif kind == "navigation":
                self._hash = message.navigation.page_script_hash
            elif kind == "page_not_found":
                raise WrongAnswer(f"{self._page}: there is no such page")
            elif kind == "script_finished" and self._finished(message.script_finished):
                return

    def _finished(self, how: "ForwardMsg.ScriptFinishedStatus.ValueType") -> bool:
        """Whether the page is finished; it is not where it begins anew at once."""
        if how == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            self._fresh = {}
            return False
        if how not in FINISHED:
            raise WrongAnswer(f"{self._page}: the script did not run")
        self._shown = self._fresh
        return True

    def _draw(self, path: tuple[int, ...], delta: Delta) -> None:
        kind = delta.WhichOneof("type")
        if kind == "new_element":
            self._fresh[path] = Shown(delta.new_element, delta.fragment_id)
        if kind == "add_block":
            below = [one for one in self._fresh if one[: len(path)] == path]
            for one in below:
                del self._fresh[one]

    def _check(self) -> None:
        for one in self._shown.values():
            if one.kind == "exception":
                raise WrongAnswer(f"{self._page}: {one.element.exception.type}")
            if one.kind == "alert":
                raise WrongAnswer(f"{self._page}: {one.element.alert.body}")


def _set(state: WidgetState, name: str, value: object) -> None:
    setattr(state, name, value)
