"""Reduced files: the same pixels, and none of the words that were planted in every place where a format has one."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from core.errors import NotHandledYet, RefusedInput
from core.images import decode, reduced, told
from tests.core.images.dicom_files import ct, dicom
from tests.core.images.files import by_opencv, by_pillow, noise, ramp

NAME = "Planted-Name"
WORD = NAME.encode()


def exif(orientation=1):
    found = Image.Exif()
    found[0x0112] = orientation
    found[0x013B] = NAME  # Artist
    found[0x010E] = NAME  # ImageDescription
    found.get_ifd(0x8825)[1] = "N"
    found.get_ifd(0x8825)[29] = NAME  # GPSDateStamp
    found.get_ifd(0x8769)[0x9003] = NAME  # DateTimeOriginal
    return found


def segment(marker, content):
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def jpeg(picture=None, orientation=1, **options):
    file = by_pillow(ramp() if picture is None else picture, "JPEG", exif=exif(orientation), comment=WORD, **options)
    more = segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0" + WORD)
    more += segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + WORD) + segment(0xEB, WORD)
    more += segment(0xE2, b"ICC_PROFILE\0\1\1" + WORD) + segment(0xE0, b"JFXX\0\x10" + WORD)
    return file[:2] + more + file[2:] + WORD


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(picture=None, orientation=1, **options):
    text = PngImagePlugin.PngInfo()
    for keyword in ("Author", "Comment", NAME):
        text.add_text(keyword, NAME)
        text.add_itxt(keyword, NAME)
    file = by_pillow(ramp() if picture is None else picture, "PNG", exif=exif(orientation), pnginfo=text, **options)
    more = chunk(b"iCCP", NAME.encode() + b"\0\0" + zlib.compress(b"x")) + chunk(b"gAMA", b"\0\0\xb1\x8f" + WORD)
    more += chunk(b"prVt", WORD) + chunk(b"tIME", bytes(7)) + chunk(b"sPLT", WORD + b"\0\x08")
    return file[:33] + more + file[33:] + WORD


def webp(picture=None, orientation=1, **options):
    picture = Image.fromarray(ramp() if picture is None else picture)
    return by_pillow(picture, "WebP", exif=exif(orientation), xmp=WORD, icc_profile=WORD, **options) + WORD


def gif(frames=1):
    pictures = [Image.fromarray(noise(9, 14, seed=n)) for n in range(frames)]
    more = {"save_all": True, "append_images": pictures[1:]} if frames > 1 else {}
    file = by_pillow(pictures[0], "GIF", comment=WORD, **more)
    return file[:-1] + b"\x21\xff\x0bXMP DataXMP" + bytes((len(WORD),)) + WORD + b"\0;" + WORD


def bmp(picture=None):
    file = bytearray(by_pillow(ramp() if picture is None else picture, "BMP"))
    file[6:10] = WORD[:4]
    return bytes(file) + WORD


FILES = {
    "JPEG": jpeg,
    "JPEG, grey": lambda: jpeg(noise(20, 30)),
    "JPEG, progressive": lambda: jpeg(progressive=True),
    "JPEG with restarts": lambda: jpeg(restart_marker_blocks=2),
    "JPEG in CMYK": lambda: jpeg(Image.fromarray(noise(16, 16, 4), "CMYK")),
    "JPEG in RGB": lambda: jpeg(keep_rgb=True),
    "JPEG without its end": lambda: jpeg()[: -len(WORD) - 2] + segment(0xFE, WORD),
    "PNG": png,
    "PNG, grey": lambda: png(noise(5, 6)),
    "PNG of 16 bits": lambda: png(noise(5, 6, dtype=np.uint16)),
    "PNG with a palette": lambda: png(Image.fromarray(noise(8, 8)).convert("P", palette=Image.Palette.ADAPTIVE)),
    "PNG, see-through": lambda: png(noise(8, 8, 4)),
    "PNG with a see-through grey": lambda: png(Image.fromarray(noise(8, 8)), transparency=9),
    "PNG, animated": lambda: png(save_all=True, append_images=[Image.fromarray(ramp()[::-1])]),
    "WebP": webp,
    "WebP, lossless": lambda: webp(lossless=True),
    "WebP, see-through": lambda: webp(noise(8, 9, 4), lossless=True),
    "WebP, animated": lambda: webp(save_all=True, append_images=[Image.fromarray(ramp()[::-1])]),
    "GIF": gif,
    "GIF, animated": lambda: gif(3),
    "BMP": bmp,
    "BMP, grey": lambda: bmp(noise(5, 7)),
    "BMP of one bit": lambda: bmp(Image.fromarray(noise(5, 7)).convert("1")),
}


def pixels(data):
    return decode(data, name="x", max_pixels=10**6).pixels


def same(one, other):
    return one.dtype == other.dtype and np.array_equal(one, other)


@pytest.mark.parametrize("kind", FILES)
def test_the_pixels_stay_and_every_word_goes(kind):
    data = FILES[kind]()
    assert WORD in data or WORD[:4] in data
    small = reduced(data, "x")
    assert WORD not in small
    assert WORD[:4] not in small
    assert same(pixels(small), pixels(data))
    assert told(small, "x").dropped == ()
    assert reduced(small, "x") == small


@pytest.mark.parametrize("write", [jpeg, png, webp])
@pytest.mark.parametrize("orientation", range(2, 9))
def test_it_stays_upright(write, orientation):
    data = write(orientation=orientation)
    small = reduced(data, "x")
    assert same(pixels(small), pixels(data))
    assert pixels(small).shape == ((60, 40, 3) if orientation >= 5 else (40, 60, 3))
    assert WORD not in small


@pytest.mark.parametrize("kind", ["JPEG", "JPEG, progressive", "PNG", "WebP", "GIF", "BMP"])
def test_the_kind_stays(kind):
    data = FILES[kind]()
    small = reduced(data, "x")
    assert decode(small, name="x", max_pixels=10**6).format == kind.split(",")[0]
    assert len(small) < len(data)


def test_a_file_that_says_nothing_stays_as_it_is():
    for data in (by_opencv(ramp(), ".png"), by_opencv(ramp(), ".jpg"), by_pillow(noise(4, 4), "GIF")):
        assert same(pixels(reduced(data, "x")), pixels(data))
        assert len(reduced(data, "x")) <= len(data)


def test_of_several_frames_only_the_one_that_is_seen_is_kept():
    for kind in ("GIF, animated", "PNG, animated", "WebP, animated"):
        small = reduced(FILES[kind](), "x")
        with Image.open(io.BytesIO(small)) as image:
            assert getattr(image, "n_frames", 1) == 1
        assert "further frames" in told(FILES[kind](), "x").dropped


def test_files_of_several_planes_have_other_ways():
    for data in (dicom(ct()), by_pillow(ramp(), "TIFF")):
        with pytest.raises(NotHandledYet):
            reduced(data, "x")


@pytest.mark.parametrize("kind", FILES)
def test_damaged_files_are_refused_in_words_or_reduced_alike(kind):
    data, random = FILES[kind](), np.random.default_rng(0)
    for _ in range(40):
        hurt = bytearray(data[: random.integers(8, len(data) + 1)])
        for place in random.integers(0, len(hurt), random.integers(0, 6)):
            hurt[place] = random.integers(256)
        try:
            before = pixels(bytes(hurt))
        except RefusedInput:
            before = None
        try:
            told(bytes(hurt), "x")
            small = reduced(bytes(hurt), "x", 10**6)
        except RefusedInput:
            assert before is None
            continue
        if before is not None:
            assert same(pixels(small), before)


@pytest.mark.parametrize(
    "folder", ["hostile_images", "blood_cells_bccd", "chest_xray_hannover", "lung_histology_lc25000"]
)
def test_real_files_keep_their_pixels(real_data, folder):
    compared = 0
    files = sorted(path for path in real_data(folder).rglob("*") if path.is_file() and path.suffix != ".csv")
    for path in files if folder == "hostile_images" else files[::20]:
        data = path.read_bytes()
        try:
            before, small = pixels(data), reduced(data, path.name)
        except RefusedInput:
            continue
        assert same(pixels(small), before), path
        compared += 1
    assert compared > 10
