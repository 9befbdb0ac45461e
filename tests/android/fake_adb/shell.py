"""The device's shell, as far as the drivers use it; whatever else is asked is "not found", as on a phone."""

from __future__ import annotations

import hashlib
import io
import re
import shlex
import struct
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fake_adb.android import Android

Write = Callable[[bytes], None]
EXIT = re.compile(r"; echo ([\w:]+)\$\?$")


class Shell:
    """``asked`` keeps every command line. ``fails`` maps the beginning of a command to what it prints instead."""

    def __init__(self, android: Android) -> None:
        self._android = android
        self.asked: list[str] = []
        self.fails: dict[str, str] = {}

    def run(self, line: str, out: Write, err: Write, gone: Callable[[], bool]) -> int:
        """Run ``a && b; c``; the exit code of the last command that ran."""
        self.asked.append(line)
        magic = EXIT.search(line)
        if magic:
            line = line[: magic.start()]
        code = 0
        for sequence in _split(line, ";"):
            for command in _split(sequence, "&&"):
                code = self._one(command, out, err, gone)
                if code:
                    break
        if magic:
            out(f"{magic[1]}{code}\n".encode())
        return code

    def _one(self, command: str, out: Write, err: Write, gone: Callable[[], bool]) -> int:
        for start, said in self.fails.items():
            if command.startswith(start):
                err(said.encode() + b"\n")
                return 1
        if command.endswith("2>&1"):
            command, err = command.removesuffix("2>&1"), out
        words = shlex.split(command)
        while words and ("=" in words[0] or words[0] in ("export", "exec")):
            words.pop(0)
        if not words:
            return 0
        does: Any = getattr(self, f"_do_{words[0].replace('-', '_')}", None)
        if does is None:
            err(f"/system/bin/sh: {words[0]}: inaccessible or not found\n".encode())
            return 127
        if words[0] in ("logcat", "app_process"):
            does(command, out, gone)
            return 0
        said, code = does(words[1:])
        (err if code else out)(said if isinstance(said, bytes) else said.encode())
        return int(code)

    def _do_echo(self, words: list[str]) -> tuple[str, int]:
        return " ".join(words) + "\n", 0

    def _do_date(self, words: list[str]) -> tuple[str, int]:
        now = self._android.now()
        return f"{now // 10**9}.{now % 10**9:09}\n", 0

    def _do_getprop(self, words: list[str]) -> tuple[str, int]:
        return self._android.properties.get(words[0], "") + "\n", 0

    def _do_wm(self, words: list[str]) -> tuple[str, int]:
        height, width = self._android.pixels().shape[:2]
        return f"Physical size: {width}x{height}\n", 0

    def _do_dumpsys(self, words: list[str]) -> tuple[str, int]:
        return "  mOverrideDisplayInfo=DisplayInfo{orientation=0}\n", 0

    def _do_screencap(self, words: list[str]) -> tuple[bytes, int]:
        if "-p" in words:
            from PIL import Image

            png = io.BytesIO()
            Image.fromarray(self._android.rgba()).save(png, "png")
            return png.getvalue(), 0
        pixels = self._android.rgba()
        height, width = pixels.shape[:2]
        header = struct.pack("<4I", width, height, 1, 1)[: 4 * self._android.header_words]
        return header + pixels.tobytes(), 0

    def _do_input(self, words: list[str]) -> tuple[str, int]:
        words = [w for i, w in enumerate(words) if w != "-d" and (i == 0 or words[i - 1] != "-d")]
        if words[0] == "tap":
            self._android.tap(float(words[1]), float(words[2]))
        elif words[0] == "swipe":
            self._android.tap(float(words[1]), float(words[2]), int(words[5]))
        elif words[0] == "text":
            if not words[1].isascii():
                return "java.lang.NullPointerException: Attempt to get length of null array\n", 255
            self._android.app.type(words[1].replace("%s", " "))
        elif words[0] == "keyevent" and self._android.app is not None:
            self._android.app.key(words[1])
        return "", 0

    def _do_uiautomator(self, words: list[str]) -> tuple[str, int]:
        if self._android.refuses_dump:
            return self._android.refuses_dump + "\n", 1
        path = words[1] if len(words) > 1 else "/sdcard/window_dump.xml"
        self._android.files.content[path] = self._android.app.hierarchy().encode()
        return f"UI hierchary dumped to: {path}\n", 0

    def _do_cat(self, words: list[str]) -> tuple[bytes, int]:
        if words == ["/proc/uptime"]:
            return f"{self._android.up_s():.2f} 0.00\n".encode(), 0
        content = self._android.files.content.get(words[0])
        return (f"cat: {words[0]}: No such file or directory\n".encode(), 1) if content is None else (content, 0)

    def _do_rm(self, words: list[str]) -> tuple[str, int]:
        for path in words:
            self._android.files.content.pop(path, None)
        return "", 0

    def _do_mkdir(self, words: list[str]) -> tuple[str, int]:
        return "", 0

    def _do_am(self, words: list[str]) -> tuple[str, int]:
        if self._android.app is not None:
            said = self._android.app.intent(words)
            if said:
                return said, 1
        return "Broadcast completed: result=0\n" if words[0] == "broadcast" else "Starting: Intent\n", 0

    def _do_content(self, words: list[str]) -> tuple[str, int]:
        return "Result: Bundle[{}]\n", 0

    def _do_toybox(self, words: list[str]) -> tuple[str, int]:
        content = self._android.files.content.get(words[1])
        if content is None:
            return f"md5sum: {words[1]}: No such file or directory\n", 1
        return f"{hashlib.md5(content).hexdigest()}  {words[1]}\n", 0

    def _do_logcat(self, command: str, out: Write, gone: Callable[[], bool]) -> None:
        self._android.log.follow(command, out, gone)

    def _do_app_process(self, command: str, out: Write, gone: Callable[[], bool]) -> None:
        self._android.app.automation(command, out, gone)


def _split(line: str, by: str) -> list[str]:
    """Split at ``by`` outside quotes."""
    parts, quote, start, i = [], "", 0, 0
    while i < len(line):
        if line[i] in "'\"" and quote in ("", line[i]):
            quote = "" if quote else line[i]
        if not quote and line.startswith(by, i):
            parts.append(line[start:i])
            start = i = i + len(by)
            continue
        i += 1
    return [p.strip() for p in [*parts, line[start:]] if p.strip()]
