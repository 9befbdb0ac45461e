"""The demonstration app on a scripted Android: screens as messengers have them, over the project's own service core."""

from __future__ import annotations

import threading
from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple
from xml.sax.saxutils import quoteattr

from fake_adb.android import Android
from harness.phone.backend import Backend
from harness.phone.messages import Voice

PACKAGE = "com.example.hil.messenger"
SAYS = {
    "expired": "This code has expired",
    "used": "This code was used already",
    "refused": "This code was refused",
    "unknown": "This is no login code",
    "offline": "No connection",
}
ROWS_SHOWN = 8


class Service:
    """The core, asked by several phones and units at once."""

    def __init__(self, now: Callable[[], int]) -> None:
        self.backend = Backend(Random(7))
        self.now = now
        self._lock = threading.Lock()
        self._ids = 0

    def call(self, method: str, *args: object) -> Any:
        with self._lock:
            self.backend.advance(self.now())
            return getattr(self.backend, method)(*args, self.now())

    def send(self, sender: str, to: str, kind: str, payload: Any) -> str:
        with self._lock:
            self._ids += 1
            return self.backend.account_send(sender, to, kind, payload, f"m{self._ids}", self.now())

    def inbox(self, account: str) -> Any:
        with self._lock:
            return self.backend.inbox(account)


class Item(NamedTuple):
    id: str
    text: str = ""
    description: str = ""
    does: Callable[[], None] | None = None
    inside: tuple[Any, ...] = ()


class Messenger:
    """What is on the screen is drawn anew from the state each time somebody looks. ``words`` replaces texts, as an
    update of the app does."""

    def __init__(self, android: Android, service: Service, account: str) -> None:
        self.android = android
        self.service = service
        self.account = account
        self.online = True
        self.words: dict[str, str] = {}
        self.heard: list[tuple[int, float]] = []
        self.microphone: list[bytes] = []
        self._page: Callable[[], list[Item]] = self._home
        self._code = ""
        self._chat = ""
        self._typed = ""
        self._said = ""
        self._sent = False
        self._announced: list[str] = []
        self._places: list[tuple[tuple[int, int, int, int], Item]] = []
        android.app = self

    # what Android asks of an app

    def hierarchy(self) -> str:
        self._places = []
        body = "".join(self._draw(item, 10 + 12 * n, 10) for n, item in enumerate(self._page()))
        return (
            "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>"
            f'<hierarchy rotation="0"><node index="0" text="" resource-id="" class="android.widget.FrameLayout" '
            f'package="{PACKAGE}" content-desc="" bounds="[0,0][200,120]">{body}</node></hierarchy>'
        )

    def tap(self, x: float, y: float, held_ms: int = 0) -> None:
        for (left, top, right, bottom), item in reversed(self._places):
            if left <= x <= right and top <= y <= bottom and (item.does is not None or item.id == "talk"):
                if item.id == "talk":
                    self._talk(held_ms)
                else:
                    item.does()
                return

    def type(self, text: str) -> None:
        self._typed += text

    def key(self, name: str) -> None:
        self._page = self._home

    def intent(self, words: list[str]) -> str:
        if words[0] == "force-stop":
            self._page, self._announced = self._home, self._announced[-5:]
        elif words[0] == "start":
            if not any(w.startswith(PACKAGE) for w in words):
                return f"Error: Activity class {{{words[-1]}}} does not exist.\n"
            self._page = self._home
        elif words[0] == "broadcast" and words[-1].startswith("file://"):
            self._announced.append(words[-1].removeprefix("file://"))
        return ""

    # its screens

    def _home(self) -> list[Item]:
        return [
            Item("scan", "Scan", does=self._go(self._scanner)),
            Item("chats", "Chats", does=self._go(self._chats)),
            Item("messages_tab", "Messages", does=self._go(self._messages)),
        ]

    def _scanner(self) -> list[Item]:
        return [Item("album", does=self._go(self._album))]

    def _album(self) -> list[Item]:
        there = [path for path in reversed(self._announced) if path in self.android.files.content]
        return [Item("photo", does=lambda path=path: self._scan(path)) for path in there]

    def _result(self) -> list[Item]:
        return [Item("said", self._said)]

    def _ask(self) -> list[Item]:
        return [
            Item("said", "Log in to the car?"),
            Item("confirm", "OK", does=lambda: self._decide("confirm")),
            Item("cancel", "Cancel", does=lambda: self._decide("refuse")),
        ]

    def _chats(self) -> list[Item]:
        others = [a for a in self.service.backend.accounts() if a != self.account]
        return [Item("chat", name, does=lambda name=name: self._open(name)) for name in others]

    def _conversation(self) -> list[Item]:
        send = Item("send", "Send", does=self._send)
        tick = [Item("tick", description="sent")] if self._sent else []
        notice = [Item("said", self._said)] if self._said else []
        field = Item("input", self._typed, does=lambda: None)
        return [Item("title", self._chat), field, send, Item("talk", "Hold to talk"), *tick, *notice]

    def _messages(self) -> list[Item]:
        rows = []
        for message in self.service.inbox(self.account)[-ROWS_SHOWN:]:
            words = '2"' if isinstance(message.payload, Voice) else message.payload
            inside = (Item("sender", message.sender), Item("body", words, description=message.kind))
            rows.append(Item("message", inside=inside))
        mine = Item("message", inside=(Item("sender", "me"), Item("body", "my own"), Item("mine")))
        return [Item("messages", inside=(*rows, mine))]

    def _go(self, page: Callable[[], list[Item]]) -> Callable[[], None]:
        def go() -> None:
            self._page = page

        return go

    def _open(self, name: str) -> None:
        self._chat, self._typed, self._said, self._sent = name, "", "", False
        self._page = self._conversation

    def _scan(self, path: str) -> None:
        import io

        import zxingcpp
        from PIL import Image

        read = zxingcpp.read_barcode(Image.open(io.BytesIO(self.android.files.content[path])))
        self._code = read.text if read is not None else ""
        self._answer(self.service.call("scan", self.account, self._code) if self.online else "offline", self._ask)

    def _decide(self, what: str) -> None:
        outcome = self.service.call(what, self.account, self._code) if self.online else "offline"
        self._said = "Done"
        self._answer(outcome, self._result)

    def _answer(self, outcome: str, then: Callable[[], list[Item]]) -> None:
        if outcome != "accepted":
            self._said = SAYS[outcome]
        self._page = then if outcome == "accepted" else self._result

    def _send(self) -> None:
        self._deliver("text", self._typed)

    def _talk(self, held_ms: int) -> None:
        from harness.phone import codec

        self.heard.append((held_ms, 0.0))
        self._deliver("voice", Voice(b"".join(self.microphone), codec.NAME, held_ms * 1_000_000))

    def _deliver(self, kind: str, payload: Any) -> None:
        if self.online and self.service.send(self.account, self._chat, kind, payload) == "accepted":
            self._sent, self._typed = True, ""
        else:
            self._said = SAYS["offline"]

    def _draw(self, item: Item, top: int, left: int) -> str:
        bounds = (left, top, left + 100, top + 10)
        self._places.append((bounds, item))
        inside = "".join(self._draw(child, top + 1 + n, left + 20 * n) for n, child in enumerate(item.inside))
        words = self.words.get(item.text, item.text)
        name = f"{PACKAGE}:id/{item.id}"
        return (
            f'<node text={quoteattr(words)} resource-id={quoteattr(name)} class="android.view.View" '
            f'content-desc={quoteattr(item.description)} bounds="[{bounds[0]},{bounds[1]}][{bounds[2]},{bounds[3]}]">'
            f"{inside}</node>"
        )

    # uiautomator2's server, which is started by app_process and speaks JSON-RPC over HTTP

    def automation(self, command: str, out: Callable[[bytes], None], gone: Callable[[], bool]) -> None:
        from fake_adb.automation import serve

        serve(self, command, out, gone)
