import random
import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from shared.enrichment.model import MediaRejected
from shared.enrichment.picture_probe import MAX_SIDE_PIXELS, probe_picture


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: Any) -> bytes:
    written = BytesIO()
    Image.effect_mandelbrot(size, (-2, -1.5, 1, 1.5), 20).convert(mode).save(written, format=kind, **options)
    return written.getvalue()


def seen(data: bytes) -> Image.Image:
    safe = probe_picture(data)
    assert safe.content_type == "image/jpeg"
    return Image.open(BytesIO(safe.data), formats=["JPEG"])


def reason(data: bytes) -> str:
    with pytest.raises(MediaRejected) as rejected:
        probe_picture(data)
    return rejected.value.exact_code


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def part(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = part(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + part(b"IDAT", zlib.compress(bytes(1_000))) + part(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_becomes_a_jpeg_of_its_own_size(kind: str) -> None:
    assert seen(picture(kind)).size == (64, 48)


def test_a_large_picture_is_scaled_down() -> None:
    assert seen(picture(size=(5_000, 2_500))).size == (MAX_SIDE_PIXELS, MAX_SIDE_PIXELS // 2)


def test_a_photo_is_turned_upright_and_loses_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: the stored picture lies on its side
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 0.0)  # latitude
    copy = seen(picture(exif=exif))
    assert copy.size == (48, 64)
    assert len(copy.getexif()) == 0


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "LA"), ("PNG", "P"), ("JPEG", "CMYK"), ("PNG", "1")]
)
def test_every_way_of_storing_colours_is_taken(kind: str, mode: str) -> None:
    assert seen(picture(kind, mode=mode)).mode == "RGB"


def test_what_is_transparent_becomes_white() -> None:
    written = BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(written, format="PNG")
    assert seen(written.getvalue()).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("size", [(10_000, 5_001), (12_000, 12_000), (60_000, 60_000), (2**31 - 1, 1), (1, 2**31 - 1)])
def test_a_bomb_is_refused_by_its_size_before_it_is_decoded(size: tuple[int, int]) -> None:
    assert reason(png_header(*size)) == "picture_too_large"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_half_a_picture_cannot_be_read(kind: str) -> None:
    whole = picture(kind, size=(300, 200))
    assert reason(whole[: len(whole) // 2]) == "unreadable"


@pytest.mark.parametrize("data", [b"hello", b"GIF89a" + bytes(50), b"%!PS-Adobe", b"<svg/>", b"OggS" + bytes(50)])
def test_what_is_no_picture_is_refused_before_any_decoder_sees_it(data: bytes) -> None:
    assert reason(data) == "not_a_picture"


@pytest.mark.parametrize("magic", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x00\x00\x00WEBP"])
def test_a_false_magic_is_unreadable(magic: bytes) -> None:
    assert reason(magic + bytes(500)) == "unreadable"


def test_an_empty_file_is_called_empty() -> None:
    assert reason(b"") == "empty"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_damaged_pictures_are_copied_or_rejected(kind: str) -> None:
    chance = random.Random(20261121)  # noqa: S311 - repeatable, not secret
    whole = picture(kind)
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 20)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            assert probe_picture(bytes(data)).data.startswith(b"\xff\xd8\xff")
        except MediaRejected:
            continue
