"""Long work is done once, whoever asks, and given up without harm."""

from collections.abc import Callable
from threading import Event, Thread

import pytest

from alssim.app.once import Shelf


def never() -> None:
    raise AssertionError("nobody waits")


def test_the_same_thing_is_computed_once() -> None:
    shelf: Shelf[int] = Shelf(2)
    done: list[str] = []

    def work(name: str) -> Callable[[], int]:
        return lambda: done.append(name) or len(done)

    assert [shelf.once("a", work("a"), never) for _ in range(3)] == [1, 1, 1]
    assert shelf.once("b", work("b"), never) == 2
    shelf.once("c", work("c"), never)
    assert shelf.once("a", work("a"), never) == 4  # the oldest had to go
    assert done == ["a", "b", "c", "a"]


def test_who_asks_for_what_is_being_computed_waits_for_it() -> None:
    shelf: Shelf[str] = Shelf(2)
    begun, finish = Event(), Event()

    def slow() -> str:
        begun.set()
        assert finish.wait(30)
        return "one"

    first = Thread(target=shelf.once, args=("a", slow, never))
    first.start()
    assert begun.wait(30)
    assert shelf.once("a", lambda: "two", finish.set) == "one"
    first.join()


def test_who_waits_can_give_up() -> None:
    shelf: Shelf[str] = Shelf(2)
    begun, finish = Event(), Event()

    def slow() -> str:
        begun.set()
        assert finish.wait(30)
        return "one"

    def stop() -> None:
        raise KeyboardInterrupt

    first = Thread(target=shelf.once, args=("a", slow, never))
    first.start()
    assert begun.wait(30)
    with pytest.raises(KeyboardInterrupt):
        shelf.once("a", lambda: "two", stop)
    finish.set()
    first.join()
    assert shelf.once("a", lambda: "two", never) == "one"


def test_work_that_was_stopped_can_be_asked_for_again() -> None:
    shelf: Shelf[str] = Shelf(2)

    def stopped() -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shelf.once("a", stopped, never)
    assert shelf.once("a", lambda: "done", never) == "done"
