"""Text drawn into pictures as machines do it: several fonts, sizes, places, inks, on and beside a strip."""

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

WORDS = (
    "SMITH^JOHN", "DOE JANE", "12.03.1957", "ID 4821973", "Muller, Anna", "St. Mary Hospital", "M 067Y", "1970-01-01",
    "PAT-00317", "Petersen", "kV 120 mAs 80", "R. Garcia  14:32:07",
)  # fmt: skip
HERSHEY = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_PLAIN, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX)
INKS = ((255, 255, 255), (0, 0, 0), (220, 220, 220), (30, 30, 30))
COLOURED = ((255, 255, 0), (255, 0, 0), (0, 255, 0), (0, 255, 255), (255, 160, 0), (0, 0, 200))
_LEAST_CONTRAST = 60


def planted(picture, seed, fonts=()):
    """The picture with one line of text, or None where there is no room or too little contrast for one.

    Args:
        picture: `(H, W)` or `(H, W, 3)`, uint8.
        seed: what is drawn, and where.
        fonts: files of outline fonts to take some of; Pillow's own is always among them.
    """
    random = np.random.default_rng(seed)
    for _ in range(30):
        drawn = _drawn(picture, random, fonts)
        if drawn is not None:
            return drawn
    return None


def _drawn(picture, random, fonts):
    height, width = picture.shape[:2]
    word = WORDS[random.integers(len(WORDS))]
    tall = int(random.uniform(9, max(10, min(0.09 * height, 40))))
    mask = _hershey(word, tall, random) if random.random() < 0.5 else _outline(word, tall, random, fonts)
    rows, columns = mask.shape
    if rows > height - 4 or columns > width - 4:
        return None
    top, left = _place(height - rows, width - columns, random)
    inks = COLOURED if picture.ndim == 3 and random.random() < 0.4 else INKS
    ink = np.array(inks[random.integers(len(inks))][: 1 if picture.ndim == 2 else 3], np.float64)
    field = np.atleast_3d(picture[top : top + rows, left : left + columns]).astype(np.float64)
    if random.random() < 0.15:  # on a strip, black or white
        field = np.full(field.shape, 0 if ink.mean() > 127 else 255, np.float64)
    if np.percentile(np.abs(field - ink).max(axis=2), 15) < _LEAST_CONTRAST:
        return None
    alpha = mask[..., None] / 255
    drawn = picture.copy()
    drawn[top : top + rows, left : left + columns] = np.rint(field * (1 - alpha) + ink * alpha).reshape(
        picture[top : top + rows, left : left + columns].shape
    )
    if random.random() < 0.3:
        quality = int(random.integers(75, 96))
        drawn = cv2.imdecode(cv2.imencode(".jpg", drawn, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], -1)
    return drawn


def _place(rows, columns, random):
    """In a corner, along an edge, or anywhere."""
    if random.random() < 0.6:
        return (random.choice([2, max(2, rows - 2)]), random.choice([2, max(2, columns - 2)]))
    return int(random.integers(0, rows + 1)), int(random.integers(0, columns + 1))


def _hershey(word, tall, random):
    font = HERSHEY[random.integers(len(HERSHEY))]
    thick = 1 if tall < 16 else int(random.integers(1, 3))
    scale = cv2.getFontScaleFromHeight(font, tall, thick)
    (columns, rows), below = cv2.getTextSize(word, font, scale, thick)
    mask = np.zeros((rows + below + 4, columns + 4), np.uint8)
    kind = cv2.LINE_AA if random.random() < 0.5 else cv2.LINE_8
    cv2.putText(mask, word, (2, rows + 1), font, scale, 255, thick, kind)
    return mask


def _outline(word, tall, random, fonts):
    choice = random.integers(len(fonts) + 1)
    size = tall / 0.72  # capitals are about as tall as this part of a font's size
    font = ImageFont.truetype(fonts[choice], size) if choice < len(fonts) else ImageFont.load_default(size)
    left, top, right, bottom = font.getbbox(word)
    image = Image.new("L", (int(right - left) + 4, int(bottom - top) + 4))
    ImageDraw.Draw(image).text((2 - left, 2 - top), word, font=font, fill=255)
    return np.asarray(image)
