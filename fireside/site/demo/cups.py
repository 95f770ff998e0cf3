"""Pictures for the sample, drawn here: a cup seen from above, each a little different."""

import io
from math import cos, sin, tau
from random import Random

from PIL import Image, ImageDraw, ImageFilter

WIDE, HIGH, FINE = 960, 720, 2  # drawn twice as large and made smaller, so that edges are smooth
TABLES = ("#8a6a4f", "#5c6b62", "#c9b79c", "#3f4650", "#a8563c", "#d8d2c4")
CUPS = (("#f4efe6", "#dcd2bf"), ("#2f3b46", "#242d36"), ("#c4704f", "#a5573a"), ("#7d8f84", "#64756b"))
COFFEES = (("#2e1a10", "#7a4a2c"), ("#3a2114", "#966239"), ("#24130b", "#5e381f"))

Box = tuple[float, float, float, float]


def cup(number: int) -> bytes:
    """A PNG of 960 × 720 pixels. The same number draws the same picture."""
    dice = Random(f"cup {number}")  # noqa: S311  a picture, no secret
    picture = Image.new("RGB", (WIDE * FINE, HIGH * FINE), dice.choice(TABLES))
    grain = Image.effect_noise((WIDE // 20, HIGH * FINE), 26).resize(picture.size)  # fibres along the table
    picture = Image.blend(picture, Image.merge("RGB", [grain] * 3), 0.06)
    (rim, shade), (dark, crema) = dice.choice(CUPS), dice.choice(COFFEES)
    x, y, r = (WIDE / 2 + dice.randint(-72, 72)) * FINE, (HIGH / 2 + dice.randint(-32, 32)) * FINE, dice.randint(152, 180) * FINE
    _shadow(picture, _round(x + r / 7, y + r / 6, r * 1.66))
    pen = ImageDraw.Draw(picture)
    pen.ellipse(_round(x, y, r * 1.66), fill=rim)
    pen.ellipse(_round(x, y, r * 1.2), fill=shade)
    side, wide = dice.choice((-1, 1)), r * 0.13
    pen.rounded_rectangle((min(x, x + side * r * 1.5), y - wide, max(x, x + side * r * 1.5), y + wide), wide, fill=rim)
    _shadow(picture, _round(x + r / 14, y + r / 12, r * 1.02))
    pen = ImageDraw.Draw(picture)
    pen.ellipse(_round(x, y, r), fill=rim)
    pen.ellipse(_round(x, y, r * 0.9), fill=shade)
    pen.ellipse(_round(x, y, r * 0.86), fill=dark)
    _crema(picture, dice, crema, (x, y), r * 0.86)
    kept = io.BytesIO()
    picture.resize((WIDE, HIGH), Image.Resampling.LANCZOS).save(kept, "PNG")
    return kept.getvalue()


def _crema(picture: Image.Image, dice: Random, colour: str, middle: tuple[float, float], r: float) -> None:
    """A lighter ring, and bubbles that gather at one side of it."""
    x, y = middle
    mask = Image.new("L", picture.size, 0)
    pen = ImageDraw.Draw(mask)
    pen.ellipse(_round(x, y, r), fill=255)
    pen.ellipse(_round(x + dice.uniform(-0.15, 0.15) * r, y + dice.uniform(-0.15, 0.15) * r, r * dice.uniform(0.6, 0.8)), fill=60)
    mask = mask.filter(ImageFilter.GaussianBlur(r / 9))
    inside = Image.new("L", picture.size, 0)
    ImageDraw.Draw(inside).ellipse(_round(x, y, r), fill=235)
    picture.paste(colour, mask=Image.composite(mask, inside, inside))
    pen, near = ImageDraw.Draw(picture), dice.uniform(0, 1)
    for _n in range(dice.randint(10, 40)):
        away, size = r * (0.93 - 0.12 * dice.random() ** 2), r * dice.uniform(0.01, 0.035)
        turn = tau * (near + dice.gauss(0, 0.08))
        pen.ellipse(_round(x + away * cos(turn), y + away * sin(turn), size), outline=colour, width=FINE * 2)


def _shadow(picture: Image.Image, box: Box) -> None:
    mask = Image.new("L", picture.size, 0)
    ImageDraw.Draw(mask).ellipse(box, fill=120)
    picture.paste("#000000", mask=mask.filter(ImageFilter.GaussianBlur(24 * FINE)))


def _round(x: float, y: float, r: float) -> Box:
    return x - r, y - r, x + r, y + r
