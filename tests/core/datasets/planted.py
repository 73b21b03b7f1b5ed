"""Files in which a name stands wherever a file can hold one, and a search for it through all that lies in a folder."""

import io
import re
import zipfile
import zlib

import nibabel
import numpy as np
import pandas as pd
from PIL import Image, PngImagePlugin
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from tests.core.images.dicom_files import dicom
from tests.core.images.files import noise

MARK = "Zyxmeier"
"""Stands in every planted name; no library and no word of ours has it."""

IDS = ("46810", "57913", "68024")
"""Ids of patients that look like running numbers."""
BORN, BIRTHDAY = "19450312", "010170"


def name(place):
    """A name that tells where it was planted."""
    return f"{MARK}{place}"


def planted_dicom(seed, **more):
    says = {
        "PatientName": f"{name('Dicom')}^Erika",
        "PatientID": name("Id"),
        "PatientBirthDate": BORN,
        "InstitutionName": name("Clinic"),
        "ReferringPhysicianName": name("Doctor"),
        "PatientComments": name("Comments"),
        "StudyDescription": name("Study"),
        "ImageComments": name("ImageComments"),
    }
    return dicom(noise(12, 14, seed=seed), **(says | more))


def planted_jpeg(seed):
    exif = Image.Exif()
    exif[0x010E], exif[0x013B], exif[0x9C9B] = name("Description"), name("Artist"), name("Xp").encode("utf-16-le")
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0" + name("UserComment").encode()
    exif.get_ifd(0x8825)[0x001D] = name("Gps")
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{name('Xmp')}</x:xmpmeta>".encode()
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + len(name("Iptc")).to_bytes(4, "big") + name("Iptc").encode()
    data = _saved(seed, "JPEG", exif=exif, comment=name("JpegComment").encode(), xmp=xmp)
    app13 = b"\xff\xed" + (len(iptc) + 2).to_bytes(2, "big") + iptc
    return data[:2] + app13 + data[2:] + name("AfterTheEnd").encode()


def planted_png(seed):
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", name("Text"))
    text.add_text("Comment", name("ZippedText"), zip=True)
    text.add_itxt("Title", name("InternationalText"), zip=True)
    text.add(b"prVt", name("Chunk").encode())
    exif = Image.Exif()
    exif[0x010E] = name("PngExif")
    data = _saved(seed, "PNG", pnginfo=text, exif=exif)
    # a profile of a wrong length, of which libpng prints the name
    profile = b"iCCP" + name("Profile").encode() + b"\0\0" + zlib.compress(noise(20, 20).tobytes())
    chunk = (len(profile) - 4).to_bytes(4, "big") + profile + zlib.crc32(profile).to_bytes(4, "big")
    return data[:33] + chunk + data[33:] + name("AfterTheEnd").encode()  # after signature and header: 8 + 25


def planted_tiff(seed):
    tags = ImageFileDirectory_v2()
    tags[270], tags[315], tags[305], tags[316], tags[65000] = (
        name(place) for place in ("ImageDescription", "Artist", "Software", "Host", "Private")
    )
    return _saved(seed, "TIFF", tiffinfo=tags)


def planted_webp(seed):
    exif = Image.Exif()
    exif[0x010E] = name("WebpExif")
    return _saved(seed, "WEBP", exif=exif, xmp=name("WebpXmp").encode(), lossless=True)


def planted_gif(seed):
    return _saved(seed, "GIF", comment=name("GifComment").encode())


def planted_bmp(seed):
    return _saved(seed, "BMP") + name("AfterTheEnd").encode()


def planted_nifti(seed):
    image = nibabel.Nifti1Image(noise(8, 9, 3, seed=seed).astype(np.int16), np.eye(4))
    header = image.header
    header["descrip"], header["aux_file"] = name("Descrip").encode(), name("Aux").encode()
    header["db_name"], header["intent_name"] = name("Db").encode(), name("Intent").encode()
    header.extensions.append(nibabel.nifti1.Nifti1Extension("comment", name("Extension").encode()))
    return image.to_bytes()


FORMATS = {
    "dcm": planted_dicom,
    "jpg": planted_jpeg,
    "png": planted_png,
    "tif": planted_tiff,
    "webp": planted_webp,
    "gif": planted_gif,
    "bmp": planted_bmp,
    "nii": planted_nifti,
}


def broken():
    """Files that cannot be read, and name somebody as well."""
    return {
        "dcm": planted_dicom(90)[:-40],
        "png": planted_png(91)[:120],
        "jpg": b"\xff\xd8\xff" + name("NoJpeg").encode() * 9,
        "nii": planted_nifti(92)[:360],
        "tif": planted_tiff(93)[:60],
        "webp": name("NoImage").encode() * 4,
    }


def _saved(seed, kind, **options):
    buffer = io.BytesIO()
    Image.fromarray(noise(10, 12, 3, seed=seed)).save(buffer, kind, **options)
    return buffer.getvalue()


def found_in(folder):
    """Each file below a folder in which the mark stands, in its content or in its path, however it is encoded."""
    found = [path for path in folder.rglob("*") if path.is_file() and _holds(path.read_bytes())]
    return [str(path) for path in {*found, *(path for path in folder.rglob("*") if _holds(path.name.encode()))}]


def numbers_in(folder):
    """Each file below a folder, packed into an archive or not, whose content or path has a planted number, as (path,
    number); a number that is part of a longer one or of a word is none.
    """
    return sorted({(str(path), number) for path in folder.rglob("*") for number in _numbers_of(path)})


def _numbers_of(path):
    texts = [path.name.encode()]
    if path.is_file():
        texts += [data := path.read_bytes(), *_unpacked(data)]
        if path.suffix == ".parquet":
            texts.append(pd.read_parquet(path).to_csv().encode())
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                texts += [part for member in archive.namelist() for part in (member.encode(), archive.read(member))]
    return {found.decode() for text in texts for found in _NUMBERS.findall(text.replace(b"\0", b""))}


def _holds(data):
    folded = data.lower()
    return any(mark in text for text in (folded, *_unpacked(data)) for mark in _MARKS)


def _unpacked(data):
    """What zlib streams in a file hold, as far as they can be unpacked (PNG text, say)."""
    for start in (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"):
        at = -1
        while (at := data.find(start, at + 1)) >= 0:
            try:
                yield zlib.decompressobj().decompress(data[at:]).lower()
            except zlib.error:
                continue


_NUMBERS = re.compile(rf"(?<![0-9A-Za-z.])0*({'|'.join((*IDS, BORN, BIRTHDAY))})(?![0-9A-Za-z])".encode())
_MARKS = [
    MARK.lower().encode(),
    MARK.lower().encode("utf-16-le"),
    MARK.lower().encode("utf-16-be"),
    MARK.encode().hex().encode(),
    MARK.lower().encode().hex().encode(),
]
