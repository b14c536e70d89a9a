"""Pictures to text: rapidocr's models, which ship inside its wheel; nothing is downloaded."""

import base64
import binascii
import importlib
import importlib.util
import io
import re
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from dev.vendors.ai_errors import ApiError, invalid

MODEL = "rapidocr"
MOST_PIXELS = 50_000_000  # a phone's 48 MP; decoded it takes 150 MB
LONGEST_SIDE_READ = 1_600  # larger pictures are shrunk to this
LEAST_SIDE_READ = 20  # what is left of the other side then; below about 16 rapidocr fails, and no eye could read it
THREADS = 2
DATA_URL = re.compile(r"data:image/[\w.+-]+;base64,", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was read in a picture: its size in pixels as seen upright, and the lines in reading order."""

    width: int
    height: int
    lines: tuple[str, ...]

    @property
    def caption(self) -> str:
        """What can honestly be said of a picture by something that only reads."""
        size = f"Picture ({self.width} x {self.height})"
        return f"{size} with text: {self.lines[0]}" if self.lines else f"{size} without readable text"

    @property
    def text(self) -> str:
        """The lines, one below the other."""
        return "\n".join(self.lines)


class TextReader:
    """The OCR models, loaded once. One picture at a time: rapidocr keeps settings of a call in itself."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # Imported here: it takes longer (1.4 s) than everything else the server imports together.
        self._ocr = importlib.import_module("rapidocr").RapidOCR(params=_parameters())

    def read(self, url: str) -> Reading:
        """Reads the picture in a `data:` URL. Raises ApiError: 400 when it holds no picture."""
        picture = decode_picture(picture_bytes(url))
        pixels = np.asarray(picture, dtype=np.uint8)[:, :, ::-1]  # rapidocr wants blue first
        lines = self._lines(pixels) if _is_readable(picture) else ()
        return Reading(width=picture.width, height=picture.height, lines=lines)

    def _lines(self, pixels: NDArray[np.uint8]) -> tuple[str, ...]:
        with self._lock:
            found = self._ocr(np.ascontiguousarray(pixels))
        # Sorted top to bottom, then left to right; the attribute is missing where nothing could be recognised.
        lines: tuple[str, ...] = getattr(found, "txts", None) or ()
        return tuple(line.strip() for line in lines if line.strip())


def picture_bytes(url: str) -> bytes:
    """The bytes in a base64 `data:image/...` URL; no other address is followed.

    Raises:
        ApiError: 400 for any other URL, or one whose base64 is broken.
    """
    header = DATA_URL.match(url)
    if header is None:
        raise _bad_picture("Only base64 data URLs of images are read.")
    try:
        return base64.b64decode(url[header.end() :], validate=True)
    except binascii.Error as error:
        raise _bad_picture("The image's base64 is broken.") from error


def decode_picture(data: bytes) -> Image.Image:
    """The picture in RGB, turned as its camera meant it. Raises ApiError: 400 when it cannot be decoded."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise _bad_picture("The image has more than 50 million pixels.")
            return ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise _bad_picture("The image could not be decoded.") from error


def _is_readable(picture: Image.Image) -> bool:
    shrunk = min(1.0, LONGEST_SIDE_READ / max(picture.size))
    return min(picture.size) * shrunk >= LEAST_SIDE_READ


def _bad_picture(message: str) -> ApiError:
    return invalid(message, param="messages", code="invalid_image")


def _parameters() -> dict[str, str | int]:
    spec = importlib.util.find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise RuntimeError("rapidocr is not installed")
    models = Path(spec.origin).parent / "models"
    return {
        "Global.log_level": "critical",
        "Global.max_side_len": LONGEST_SIDE_READ,
        # Its own rule, the shorter side at least 736, grows a strip of 20 x 1,999 to 54 million pixels: 98 s.
        "Det.limit_type": "max",
        "Det.limit_side_len": LONGEST_SIDE_READ,
        "EngineConfig.onnxruntime.intra_op_num_threads": THREADS,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        # A path given is never checked against the network; a model merely named would be.
        "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
        "Cls.model_path": str(models / "ch_ppocr_mobile_v2.0_cls_mobile.onnx"),
        "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
    }
