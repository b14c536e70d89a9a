"""Looks into a picture before a provider does, and makes a small, upright copy without its metadata.

The copy is what leaves the house: where a photo was taken stays in the original.
"""

import struct
import warnings
import zlib
from dataclasses import field
from io import BytesIO

from PIL import Image, ImageOps

from shared.enrichment.model import MediaRejected
from shared.values import frozen

MAX_PIXELS = 50_000_000
MAX_SIDE_PIXELS = 2_048
"""Larger pictures are scaled down: providers do the same before they look."""

_JPEG_QUALITY = 88
_FORMATS = ("JPEG", "PNG", "WEBP")
_UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    TypeError,
    OverflowError,
    struct.error,
    zlib.error,
)
"""What Pillow's decoders raise on broken bytes."""


@frozen
class SafePicture:
    """A JPEG of at most MAX_SIDE_PIXELS on a side."""

    data: bytes = field(repr=False)
    content_type: str = "image/jpeg"


def is_picture(data: bytes) -> bool:
    """Whether the first bytes are those of a JPEG, PNG or WebP."""
    return (
        data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")
    )  # fmt: skip


def probe_picture(data: bytes) -> SafePicture:
    """The copy to show a provider. Raises MediaRejected: empty, not_a_picture, unreadable, picture_too_large."""
    if not data:
        raise MediaRejected("The file is empty.", code="empty")
    if not is_picture(data):
        raise MediaRejected("This is no JPEG, PNG or WebP picture.", code="not_a_picture")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _copy(data)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    except _UNREADABLE as error:
        raise MediaRejected("The picture cannot be read.", code="unreadable") from error


def _copy(data: bytes) -> SafePicture:
    with Image.open(BytesIO(data), formats=_FORMATS) as picture:
        _check_size(picture)
        picture.verify()
    # A verified picture is used up: it has to be opened again to be decoded.
    with Image.open(BytesIO(data), formats=_FORMATS) as picture:
        picture.draft("RGB", (MAX_SIDE_PIXELS, MAX_SIDE_PIXELS))  # lets a JPEG be decoded at a fraction of its size
        return _jpeg(_on_white(_upright(picture)))


def _check_size(picture: Image.Image) -> None:
    """Before decoding: a PNG of a few kilobytes can hold a billion pixels."""
    if picture.width * picture.height > MAX_PIXELS:
        raise _too_large()


def _upright(picture: Image.Image) -> Image.Image:
    """First frame, scaled down, turned as the camera was held."""
    picture.thumbnail((MAX_SIDE_PIXELS, MAX_SIDE_PIXELS))
    return ImageOps.exif_transpose(picture)


def _on_white(picture: Image.Image) -> Image.Image:
    """What is transparent becomes white: most drawings are dark."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    paper = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(paper, layer).convert("RGB")


def _jpeg(picture: Image.Image) -> SafePicture:
    written = BytesIO()
    picture.save(written, format="JPEG", quality=_JPEG_QUALITY)
    return SafePicture(data=written.getvalue())


def _too_large() -> MediaRejected:
    return MediaRejected(
        f"A picture may have {MAX_PIXELS // 1_000_000} million pixels at most.", code="picture_too_large"
    )
