"""The words and pictures of a PDF, page by page, read by pypdf where it is installed.

In a PDF the words are numbers of glyphs of a font; only who reads its tables back knows them as words.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from importlib.util import find_spec

from harness.evidence.canary.unpack import Part, Sealed


def pages(data: bytes) -> Iterator[Part]:
    """Of each page its text, in UTF-8, and its pictures. Sealed where the file cannot be read, or nothing reads it."""
    if find_spec("pypdf") is None:
        raise Sealed("nothing here reads the words of a PDF: install pypdf")
    import pypdf

    try:
        for number, page in enumerate(pypdf.PdfReader(io.BytesIO(data)).pages, 1):
            text = page.extract_text()
            yield Part(f"page {number}", "".join(text.split()).encode("utf-8", "replace"))
            yield Part(f"page {number}", text.encode("utf-8", "replace"))
            for image in page.images:
                yield Part(f"page {number}, {image.name}", image.data)
    except Exception as why:  # a library for files of any origin raises whatever comes
        raise Sealed(f"a PDF that cannot be read: {why!r}") from why
