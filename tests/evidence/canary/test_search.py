from __future__ import annotations

import io
import shutil
import wave
import zipfile
from pathlib import Path

import pytest

from harness.evidence.canary.known import known_secrets
from harness.evidence.canary.pixels import reader
from harness.evidence.canary.search import check, look, search
from harness.foundation.errors import BadInput
from harness.foundation.pseudonyms import Pseudonyms, Secret

TOKEN = "HVK7DIAKS3JV7XQ4FBS7SMFDWY"


def zip_of(folder: Path, place: Path) -> Path:
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            archive.write(path, path.relative_to(folder.parent))
    return place


def restrict_message(run: Path) -> bytes:
    """A restricted voice message of a quarter of a second; its samples."""
    samples = bytes(n * n * 7 % 251 for n in range(8000))
    with wave.open(str(run / "cases" / "login.1" / "restricted" / "driver-message-0001.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(samples)
    return samples


def test_a_run_written_through_the_door_is_clean(run: Path) -> None:
    assert search(run, known_secrets(run)) == []
    check(run)


def test_a_secret_of_one_case_is_found_in_another(run: Path) -> None:
    other = run / "cases" / "other.1"
    other.mkdir()
    Pseudonyms(b"key", other).learn([Secret("token", "OTHEROTHEROTHEROTHEROTHER7")])
    (run / "cases" / "login.1" / "notes.txt").write_text("OTHEROTHEROTHEROTHEROTHER7")
    assert [f.file for f in search(run, known_secrets(run))] == ["cases/login.1/notes.txt"]


def test_a_secret_in_a_file_name_is_found(run: Path) -> None:
    (run / f"session-{TOKEN}.txt").write_text("nothing")
    assert [f.encoding for f in search(run, known_secrets(run))] == ["utf-8, in its name"]


def test_a_code_on_a_picture_is_found_wherever_the_picture_is(run: Path) -> None:
    import segno

    file = io.BytesIO()
    segno.make(f"https://login.example.invalid/c/{TOKEN}").save(file, kind="png", scale=4, border=4)
    (run / "screen.png").write_bytes(file.getvalue())
    with zipfile.ZipFile(run / "pictures.zip", "w") as archive:
        archive.writestr("a.png", file.getvalue())
    found = search(run, known_secrets(run))
    assert {f.file for f in found} == {"screen.png", "pictures.zip!a.png"}
    assert {f.encoding for f in found} == {"utf-8, in a code on the picture"}


def test_words_on_a_picture_count_where_somebody_reads_them(run: Path) -> None:
    from PIL import Image

    Image.new("RGB", (64, 64), "white").save(run / "screen.png")
    searched = look(run, known_secrets(run), words=lambda _: ["hvk7 diak", "s3jv7xq4 fbs7smfdwy"])
    assert [f.encoding for f in searched.findings] == ["words on the picture"]
    assert searched.words


def test_a_pack_is_refused_for_words_on_a_picture_too(run: Path) -> None:
    from PIL import Image

    Image.new("RGB", (64, 64), "white").save(run / "screen.png")
    check(run)
    with pytest.raises(BadInput, match=r"screen\.png.*words on the picture"):
        check(run, words=lambda _: ["hvk7 diak", "s3jv7xq4 fbs7smfdwy"])


def test_words_on_a_picture_are_read(run: Path) -> None:
    pytest.importorskip("rapidocr_onnxruntime")
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", (800, 200), "white")
    ImageDraw.Draw(picture).text((50, 80), TOKEN, font=ImageFont.load_default(size=30), fill="black")
    picture.save(run / "screen.png")
    (finding,) = look(run, known_secrets(run), words=reader()).findings
    assert (finding.file, finding.kind, finding.encoding) == ("screen.png", "token", "words on the picture")


def test_words_in_a_pdf_are_read(run: Path, tmp_path: Path) -> None:
    import typst

    (tmp_path / "a.typ").write_text(f"Hello #text(weight: 700)[{TOKEN}]\n")
    (run / "report.pdf").write_bytes(typst.compile(tmp_path / "a.typ"))
    found = search(run, known_secrets(run))
    assert {f.file for f in found} == {"report.pdf!page 1"}


def test_a_copy_of_a_restricted_voice_message_is_found(run: Path) -> None:
    samples = restrict_message(run)
    check(run)
    (run / "line.raw").write_bytes(b"\0" * 1001 + samples[2000:6000])
    (finding, *_) = search(run, known_secrets(run))
    assert (finding.file, finding.kind, finding.pseudonym) == ("line.raw", "sound", "driver-message-0001.wav")


def test_a_zip_is_searched_like_the_folder(run: Path, tmp_path: Path) -> None:
    pack = zip_of(run, tmp_path / "clean.zip")
    check(pack)
    (run / "notes.txt").write_text(TOKEN)
    pack = zip_of(run, tmp_path / "told.zip")
    with pytest.raises(BadInput, match=r"told\.zip!run/notes\.txt at byte 0"):
        check(pack)


def test_a_pack_without_its_restricted_part_is_searched_for_what_the_run_knows(run: Path, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(run, pack, ignore=shutil.ignore_patterns("restricted"))
    (pack / "notes.txt").write_text(TOKEN)
    check(pack)
    with pytest.raises(BadInput, match=r"notes\.txt"):
        check(pack, run)


def test_what_cannot_be_looked_into_proves_nothing(run: Path) -> None:
    (run / "broken.zip").write_bytes(b"PK\x03\x04 and nothing more")
    with pytest.raises(BadInput, match=r"cannot be searched.*broken\.zip"):
        check(run)


def test_a_file_that_is_neither_folder_nor_zip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_text("no zip")
    with pytest.raises(BadInput):
        check(tmp_path / "a.zip")
