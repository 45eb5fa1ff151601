"""PNG files from arrays, without a library: eight bits a channel, no interlacing."""

from __future__ import annotations

import struct
import zlib

import numpy as np

from brachyresponse.types import AnyArray

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOUR_TYPES = {1: 0, 3: 2, 4: 6}


def png_bytes(pixels: AnyArray) -> bytes:
    """Return a PNG file of an image.

    Parameters
    ----------
    pixels
        uint8, first row on top: (rows, columns) grey, (rows, columns, 3) RGB or (rows, columns, 4) RGBA.
    """
    image = np.asarray(pixels, np.uint8)
    rows, columns = image.shape[:2]
    channels = 1 if image.ndim == 2 else image.shape[2]
    header = struct.pack(">2I5B", columns, rows, 8, COLOUR_TYPES[channels], 0, 0, 0)
    lines = np.zeros((rows, 1 + columns * channels), np.uint8)  # each line starts with its filter: none
    lines[:, 1:] = image.reshape(rows, -1)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines.tobytes(), 9)), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
