"""The zip: one byte form, read by other programs, and back without a loss."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.evidence.pack import archive_reader
from harness.evidence.pack.archive import BIG, Entry, central_header, directory, dos_stamp, local_header, write_archive
from harness.evidence.pack.archive_reader import BadZip, ZipReader

STAMP = dos_stamp("2026-03-01T10:00:05+00:00")


def written(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "in" / name).write_bytes(content)
    write_archive(folder / "x.zip", folder / "in", files, STAMP)
    return folder / "x.zip"


@settings(deadline=None, max_examples=25)
@given(
    st.dictionaries(
        st.sampled_from(["a.log", "b/c.png", "消息/d", "seal/e", "f"]), st.binary(max_size=5000), min_size=1
    )
)
def test_what_is_packed_is_read_again_by_us_and_by_others(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]
) -> None:
    path = written(tmp_path_factory.mktemp("zip"), files)
    reader = ZipReader(path)
    assert {name: reader.read(name, 5000) for name in reader.entries} == files
    with zipfile.ZipFile(path) as zip_:
        assert {name: zip_.read(name) for name in zip_.namelist()} == files
        assert zip_.namelist() == list(reader.entries)


def test_the_order_is_by_name_with_the_seal_last(tmp_path: Path) -> None:
    path = written(tmp_path, {"z": b"", "seal/s": b"1", "a": b"2"})
    assert list(ZipReader(path).entries) == ["a", "z", "seal/s"]


def test_text_is_deflated_and_what_is_shrunk_already_is_stored(tmp_path: Path) -> None:
    entries = ZipReader(written(tmp_path, {"a.log": b"x" * 1000, "b.png": b"x" * 1000})).entries
    assert (entries["a.log"].packed < 100, entries["b.png"].packed) == (True, 1000)


def test_a_file_larger_than_asked_for_is_not_read(tmp_path: Path) -> None:
    reader = ZipReader(written(tmp_path, {"a": b"x" * 1000}))
    with pytest.raises(BadZip, match="larger than 10"):
        reader.read("a", 10)


def test_sizes_and_places_beyond_32_bits_stand_where_other_programs_look() -> None:
    """Only the headers: the data of such a zip would not fit here."""
    large, after = Entry("large", 8, 1, 5 << 30, 6 << 30), Entry("after", 0, 2, 3, 3)
    assert len(local_header(large, STAMP)) == 30 + 5 + 20
    tail = directory([large, after], STAMP)
    with zipfile.ZipFile(_Behind(tail, 5 << 30)) as zip_:  # type: ignore[call-overload]
        found = [(i.filename, i.compress_size, i.file_size, i.header_offset) for i in zip_.infolist()]
    assert found == [("large", 5 << 30, 6 << 30, 0), ("after", 3, 3, 55 + (5 << 30))]


def test_the_zip64_field_begins_where_deflate_could_overflow_it() -> None:
    assert not Entry("x", 8, 0, BIG, BIG - 1).big
    assert Entry("x", 8, 0, BIG, BIG).big
    assert central_header(Entry("x", 8, 0, 1, 1), STAMP, 0xFFFFFFFF)[-8:] == (0xFFFFFFFF).to_bytes(8, "little")


def test_a_zip_with_more_files_than_16_bits_count_is_read_again(tmp_path: Path) -> None:
    entries = [Entry(f"{number:05}.png", 0, 0, 0, 0) for number in range(66_000)]
    content = b"".join(local_header(e, STAMP) for e in entries) + directory(entries, STAMP)
    (tmp_path / "x.zip").write_bytes(content)
    assert len(ZipReader(tmp_path / "x.zip").entries) == 66_000


def test_no_more_is_unpacked_than_a_zip_declares(tmp_path: Path) -> None:
    path = written(tmp_path, {"a": b"x" * 100_000})
    reader = ZipReader(path)
    reader.entries["a"] = Entry("a", 8, reader.entries["a"].crc, reader.entries["a"].packed, 50)
    with pytest.raises(BadZip, match="unpacks to more"):
        reader.unpacked("a")


def test_the_bounds_hold_before_anything_is_unpacked(tmp_path: Path) -> None:
    declared = archive_reader.MOST_OF_A_FILE + 1
    entry = Entry("a", 8, 0, declared // 1000, declared)
    with (tmp_path / "x.zip").open("wb") as sparse:
        sparse.write(local_header(entry, STAMP))
        sparse.seek(entry.packed, 1)
        sparse.write(directory([entry], STAMP))
    with pytest.raises(BadZip, match="a: unpacks to more than 64 GiB"):
        ZipReader(tmp_path / "x.zip")


def test_a_directory_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    length = archive_reader.MOST_OF_A_DIRECTORY + 1
    end = directory([], STAMP)
    with (tmp_path / "x.zip").open("wb") as sparse:
        sparse.seek(length)
        sparse.write(end[:12] + length.to_bytes(4, "little") + end[16:])
    with pytest.raises(BadZip, match="directory is larger than"):
        ZipReader(tmp_path / "x.zip")


@pytest.mark.parametrize("text", ["", "yesterday", "1979-01-01T00:00:00Z", "2026-13-01T00:00:00Z", "2026-03-01 1"])
def test_a_time_that_no_zip_can_bear_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        dos_stamp(text)


class _Behind(io.RawIOBase):
    """A file of ``hole`` bytes nobody reads, and behind them a zip's directory."""

    def __init__(self, tail: bytes, hole: int) -> None:
        headers = len(local_header(Entry("large", 8, 1, 5 << 30, 6 << 30), STAMP)) + len("after") + 30 + 3
        self._tail, self._start, self._at = tail, hole + headers, 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset + (0, self._at, self._start + len(self._tail))[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        begin = self._at - self._start
        found = self._tail[begin : None if size < 0 else begin + size]
        self._at += len(found)
        return found
