"""One PDF → its words with their places, read by PDFium in a process of its own.

PDFium is C++ fed by strangers' files: run as `python -m core.etl.reports.pdf_text`, bytes in, JSON out,
so that a file that crashes, hangs or swells it costs one child and not the import. Everything is in
points; y grows downwards from the top of the page.
"""

import json
import math
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from core.errors import UnreadableFiling

if TYPE_CHECKING:
    import pypdfium2

MAX_BYTES = 50 * 2**20
MAX_PAGES = 300
_MAX_CHARS = 1_000_000  # a dense page of 9-point Korean holds some 3,000
_SECONDS = 60
_MEMORY = 2 * 2**30
_REFUSALS = {
    "password": "암호가 걸린 PDF입니다. 암호를 풀어 저장한 뒤 다시 넣어 주세요.",
    "broken": "PDF가 깨졌거나 끝까지 받아지지 않은 파일입니다.",
    "pages": f"쪽수가 지나치게 많은 PDF입니다({MAX_PAGES}쪽까지 읽습니다).",
    "chars": "글자가 지나치게 많은 PDF입니다.",
}


@dataclass(frozen=True, slots=True)
class Segment:
    """Characters of one line that follow each other without a gap wider than a word's.

    `size` is the font's height as shown, `font` its name; `open` says that a space followed the last
    character, which at the end of a line means that no word was cut there.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    font: str
    open: bool = False

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Page:
    """`number` counts from 1; `pictures` says whether any image is drawn on it."""

    number: int
    width: float
    height: float
    pictures: bool
    segments: Sequence[Segment]


def read_pdf(data: bytes) -> list[Page]:
    """Raises UnreadableFiling for what is no PDF, is locked or broken, or is too large or slow to read."""
    if len(data) > MAX_BYTES:
        raise UnreadableFiling(f"파일이 너무 큽니다({MAX_BYTES // 2**20}MB까지 읽습니다).")
    if b"%PDF-" not in data[:1024]:  # the header may follow some junk: ISO 32000-1, implementation note 13
        raise UnreadableFiling("PDF가 아닌 파일입니다.")
    try:
        # -P: a module of the user's folder must not stand in for ours
        child = subprocess.run(
            [sys.executable, "-P", "-m", "core.etl.reports.pdf_text"],
            input=data,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnreadableFiling(f"{_SECONDS}초 안에 읽지 못한 PDF입니다.") from None
    read: dict[str, Any] = json.loads(child.stdout) if child.returncode == 0 else {"refused": "broken"}
    if "refused" in read:
        raise UnreadableFiling(_REFUSALS[read["refused"]])
    return [
        Page(**{**page, "segments": [Segment(**segment) for segment in page["segments"]]})
        for page in read["pages"]
    ]


def _main() -> None:
    _limit_memory()
    json.dump(_read(sys.stdin.buffer.read()), sys.stdout)


def _limit_memory() -> None:
    if sys.platform == "linux":  # macOS refuses RLIMIT_AS, Windows has none; the time is bounded anywhere
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _read(data: bytes) -> dict[str, object]:
    import pypdfium2
    from pypdfium2 import raw

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        return {"refused": "password" if error.err_code == raw.FPDF_ERR_PASSWORD else "broken"}
    with document:
        if not len(document):
            return {"refused": "broken"}
        if len(document) > MAX_PAGES:
            return {"refused": "pages"}
        pages: list[dict[str, object]] = []
        chars = 0
        for number in range(1, len(document) + 1):
            try:
                page = document[number - 1]
            except pypdfium2.PdfiumError:
                return {"refused": "broken"}
            left, bottom, right, top = page.get_bbox()
            sheet = _Sheet(left, bottom, right, top, page.get_rotation())
            glyphs = _glyphs(page, sheet)
            chars += len(glyphs)
            if chars > _MAX_CHARS:
                return {"refused": "chars"}
            pictures = any(True for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3))
            made = Page(number, sheet.width, sheet.height, pictures, list(_segments(glyphs)))
            pages.append(asdict(made))
            page.close()
    return {"pages": pages}


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The visible part of a page as PDF has it: y upwards, turned clockwise by `turn` when shown."""

    left: float
    bottom: float
    right: float
    top: float
    turn: int

    @property
    def width(self) -> float:
        return self.top - self.bottom if self.turn % 180 else self.right - self.left

    @property
    def height(self) -> float:
        return self.right - self.left if self.turn % 180 else self.top - self.bottom

    def shown(self, x: float, y: float) -> tuple[float, float]:
        """Where a reader sees the point, y downwards."""
        corners = {
            0: (x - self.left, self.top - y),
            90: (y - self.bottom, x - self.left),
            180: (self.right - x, y - self.bottom),
            270: (self.top - y, self.right - x),
        }
        return corners[self.turn]


@dataclass(frozen=True, slots=True)
class _Glyph:
    char: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    font: str
    made: bool  # a space PDFium put between two runs


def _glyphs(page: "pypdfium2.PdfPage", sheet: _Sheet) -> list[_Glyph]:
    """Upright characters in the order drawn. Loose boxes: a font that is not embedded has no others."""
    import ctypes

    from pypdfium2 import raw

    text = page.get_textpage()
    box = raw.FS_RECTF()
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    glyphs: list[_Glyph] = []
    for index in range(text.count_chars()):
        char = chr(raw.FPDFText_GetUnicode(text, index))
        tilt = math.degrees(raw.FPDFText_GetCharAngle(text, index)) + sheet.turn
        if char in "\r\n\x00" or 3 < tilt % 360 < 357:
            continue
        raw.FPDFText_GetLooseCharBox(text, index, box)
        if not all(map(math.isfinite, (box.left, box.bottom, box.right, box.top))):
            continue
        length = raw.FPDFText_GetFontInfo(text, index, name, len(name), flags)
        font = name.raw[: max(0, min(length, len(name)) - 1)].decode("utf-8", "replace")
        (ax, ay), (bx, by) = sheet.shown(box.left, box.top), sheet.shown(box.right, box.bottom)
        x0, x1, top, bottom = min(ax, bx), max(ax, bx), min(ay, by), max(ay, by)
        made = raw.FPDFText_IsGenerated(text, index) == 1
        glyphs.append(_Glyph(char, x0, top, x1, bottom, round(bottom - top, 1), font, made))
    text.close()
    return glyphs


def _segments(glyphs: Sequence[_Glyph]) -> Iterator[Segment]:
    run: list[_Glyph] = []
    for glyph in glyphs:
        if run and not _continues(run, glyph):
            yield from _segment(run)
            run = []
        run.append(glyph)
    yield from _segment(run)


def _continues(run: Sequence[_Glyph], glyph: _Glyph) -> bool:
    last = next((g for g in reversed(run) if not g.char.isspace()), run[-1])
    if glyph.made:
        return True
    size = max(last.size, 1.0)
    middle = (glyph.top + glyph.bottom) / 2
    if not last.top - 0.1 * size < middle < last.bottom + 0.1 * size:
        return False
    # Spaces drawn as characters belong to the text however wide; a jump without one is another cell.
    gap = glyph.x0 - max(g.x1 for g in run[-3:])
    return -0.5 * size < gap < 0.8 * size


def _segment(run: Sequence[_Glyph]) -> Iterator[Segment]:
    solid = [g for g in run if not g.char.isspace()]
    if not solid:
        return
    parts: list[str] = []
    last: _Glyph | None = None
    for glyph in run:
        if last is not None and glyph.x0 - last.x1 > 0.2 * glyph.size and parts[-1] != " ":
            parts.append(" ")
        parts.append(" " if glyph.char.isspace() else glyph.char)
        last = glyph
    # The middle one: without the font in the file each may be drawn with another font of this machine.
    first = sorted(solid, key=lambda g: g.size)[len(solid) // 2]
    yield Segment(
        text=" ".join(unicodedata.normalize("NFC", "".join(parts)).split()),
        x0=round(solid[0].x0, 1),
        top=round(min(g.top for g in solid), 1),
        x1=round(max(g.x1 for g in solid), 1),
        bottom=round(max(g.bottom for g in solid), 1),
        size=first.size,
        font=first.font,
        open=any(g.char.isspace() and not g.made for g in run[run.index(solid[-1]) :]),
    )


if __name__ == "__main__":
    _main()
