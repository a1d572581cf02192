"""Scans and photos made for tests, each by its own format's rules."""

import io

import pillow_heif
from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

PLACE = "PHNOM PENH GPS"
pillow_heif.register_heif_opener()


def picture(kind: str = "JPEG", *, size=(320, 200), orientation: int = 1, colour=(200, 30, 30)):
    """A picture with what a camera writes beside it: maker, place, orientation."""
    image = Image.new("RGB", size, colour)
    image.paste((20, 20, 200), (0, 0, size[0] // 2, size[1] // 4))
    exif = image.getexif()
    exif[0x010E] = PLACE
    exif[0x0112] = orientation
    position = ImageFileDirectory_v2()
    position[1], position[2] = "N", (11.0, 33.0, 0.0)
    exif[0x8825] = {1: "N", 2: (11.0, 33.0, 0.0)}
    made = io.BytesIO()
    image.save(made, format=kind, exif=exif.tobytes())
    return made.getvalue()


def heic(**traits) -> bytes:
    """A photo as telephones take it."""
    return picture("HEIF", **traits)


def pdf_of_a_picture(*, size=(320, 200)) -> bytes:
    """A PDF as scanners make it: a picture on its only page."""
    made = io.BytesIO()
    with Image.open(io.BytesIO(picture(size=size))) as image:
        image.save(made, format="PDF")
    return made.getvalue()


def pdf(extra: bytes = b"", *, trailer: bytes = b"") -> bytes:
    """The smallest PDF with one empty page."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] " + extra + b">>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, text)
    start = len(body)
    body += b"xref\n0 4\n0000000000 65535 f \n"
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    body += b"trailer\n<< /Size 4 /Root 1 0 R %b>>\nstartxref\n%d\n%%%%EOF\n" % (trailer, start)
    return body


HEIC_HEAD = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(200)
PROGRAM = b"MZ\x90\x00" + bytes(400)
