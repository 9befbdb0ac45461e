"""The names a pack's files may have, so that every system unpacks the same set and a shell can list it.

Theory. A name that means one file here and another there is a way past a seal: ``A`` and ``a`` are one file on macOS
and Windows, two spellings of ``é`` are one in some file systems, ``..`` leaves the folder, a backslash is a separator
elsewhere, ``NUL`` is a device. Such names are refused when a pack is made and again when it is verified. Quotes and
braces are refused because the printed verification reads the statement with sed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

SEAL = "seal/"
ENVELOPE = "seal/statement.dsse.json"
TIMESTAMP = "seal/timestamp.tsr"
TIMESTAMP_SEAL = "seal/timestamp.dsse.json"
CONTENTS = "pack.json"
README = "README.md"
RESTRICTED = "/restricted/"

_LONGEST = 1000
_LONGEST_PART = 255
_NEVER = set('"\\{}<>:|?*')
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}


def problem_of(name: str) -> str:
    """What is wrong with a file's name within a pack; "" when nothing is."""
    parts = name.split("/")
    if not name or name.startswith("/") or "\\" in name or (len(name) > 1 and name[1] == ":"):
        return "an absolute name or one of another system"
    if any(part in ("", ".", "..") for part in parts):
        return "a name that leaves its folder or says nothing (., .., //)"
    plain = name.isascii() and name.isprintable()
    if not plain and any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") for letter in name):
        return "a name with control or invisible characters"
    if _NEVER & set(name):
        return "a name with a character that some system or the printed steps cannot take"
    if not plain and unicodedata.normalize("NFC", name) != name:
        return "a name that is not in Unicode's composed form (NFC)"
    if any(part.endswith((" ", ".")) or part.startswith((" ", "-")) for part in parts):
        return "a name with a part that begins with a space or hyphen, or ends with a space or dot"
    if any(part.partition(".")[0].casefold() in _DEVICES for part in parts):
        return "the name of a device on Windows"
    if len(name.encode()) > _LONGEST or any(len(part.encode()) > _LONGEST_PART for part in parts):
        return "a name that is too long"
    return ""


def clashes(names: Iterable[str]) -> list[tuple[str, str]]:
    """Names that some file system takes for another file or folder of the list (case, Unicode form, a file that is
    also a folder, the same name twice), each with that other one."""
    files: dict[str, str] = {}
    folders: dict[str, str] = {}
    found: list[tuple[str, str]] = []
    for name in names:
        steps = [name[:at] for at, letter in enumerate(name) if letter == "/"]
        key = _folded(name)
        other = files.get(key) or folders.get(key)
        for folder in steps:
            told = _folded(folder)
            if folders.setdefault(told, folder) != folder:
                other = other or folders[told]
            other = other or files.get(told)
        if other is not None:
            found.append((name, other))
        files.setdefault(key, name)
    return found


def _folded(name: str) -> str:
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
