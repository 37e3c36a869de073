"""Makes static/fonts/figures.css: the part of DejaVu Sans that exported figures hold.

Run by hand, from the repository's root, with DejaVu 2.37 (Debian: fonts-dejavu-core) and fontTools 4.68:

    python3 -m venv /tmp/fonts && /tmp/fonts/bin/pip install fonttools==4.68.0 brotli==1.2.1
    /tmp/fonts/bin/python xtask/fonts.py /usr/share/fonts/truetype/dejavu

The same input gives the same bytes. The rules say which characters there are (`unicode-range`), as the fonts' own tables
have them; tests/figures/exports.rs holds the figures against it. A character that a figure newly uses goes into
CHARACTERS.
"""

import base64
import io
import sys

from fontTools import subset

# Latin letters with all accents of European languages, digits as exponents and indices, and the signs of figures:
# quotes, dashes, arrows, minus, ≈ ≠ ≤ ≥ ∞ ∑ √ ∈, ⌈ ⌉ ⌊ ⌋, ‖ and the triangles.
CHARACTERS = (
    "0020-007E 00A0-017F 2010-2016 2018-201E 2022 2026 2030 2032-2033 2070-208E 20AC 2126 2190-2195 2208 2211-2212 "
    "2216 221A 221E 2225 2248 2260 2264-2265 2308-230B 25B6 25C0"
)
WEIGHTS = [("DejaVuSans.ttf", 400), ("DejaVuSans-Bold.ttf", 700)]
NOTICE = (
    "/* A part of DejaVu Sans 2.37, made by xtask/fonts.py. Copyright (c) 2003 by Bitstream, Inc.; DejaVu changes are in "
    "the public domain. Its licence: fonts/LICENSE.txt, and in the fonts themselves. */"
)


def wanted():
    for part in CHARACTERS.split():
        first, _, last = part.partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)


def ranges(points):
    """Ranges of code points as CSS writes them."""
    found = []
    for point in sorted(points):
        if found and found[-1][1] == point - 1:
            found[-1][1] = point
        else:
            found.append([point, point])
    return ",".join(f"U+{a:X}" if a == b else f"U+{a:X}-{b:X}" for a, b in found)


def rule(path, weight):
    options = subset.Options()
    options.flavor = "woff2"
    options.hinting = False
    options.layout_features = ["kern"]
    # Names, copyright and licence.
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables += ["FFTM", "MATH", "GSUB"]
    options.recalc_timestamp = False
    font = subset.load_font(path, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=list(wanted()))
    subsetter.subset(font)
    data = io.BytesIO()
    subset.save_font(font, data, options)
    text = base64.b64encode(data.getvalue()).decode()
    return (
        f'@font-face{{font-family:"DejaVu Sans";font-weight:{weight};'
        f'src:url(data:font/woff2;base64,{text})format("woff2");'
        f"unicode-range:{ranges(font.getBestCmap())}}}"
    )


folder = sys.argv[1]
rules = [NOTICE] + [rule(f"{folder}/{name}", weight) for name, weight in WEIGHTS]
with open("static/fonts/figures.css", "w", encoding="utf-8") as file:
    file.write("\n".join(rules) + "\n")
