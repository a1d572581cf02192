"""What lies on the disk can be neither read, changed, moved, nor cut unnoticed."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.documents.containers import (
    MAGIC,
    SEGMENT_BYTES,
    TAG_BYTES,
    DamagedError,
    decrypted,
    encrypted,
    new_key,
    seal_key,
    unseal_key,
)
from tests.conftest import entered

STEP = SEGMENT_BYTES + TAG_BYTES


def sealed(content: bytes, key: bytes) -> bytes:
    return b"".join(encrypted(content, key))


def opened(container: bytes, key: bytes) -> bytes:
    return b"".join(decrypted(io.BytesIO(container), key))


@pytest.mark.parametrize(
    "size", [1, SEGMENT_BYTES - 1, SEGMENT_BYTES, SEGMENT_BYTES + 1, 3 * SEGMENT_BYTES]
)
def test_what_goes_in_comes_out(size):
    key, content = new_key(), bytes(range(256)) * (size // 256 + 1)
    content = content[:size]
    assert opened(sealed(content, key), key) == content


@given(place=st.integers(min_value=0), bit=st.integers(min_value=0, max_value=7))
def test_any_changed_bit_is_noticed(place, bit):
    key = new_key()
    container = bytearray(sealed(b"secret" * 100, key))
    container[place % len(container)] ^= 1 << bit
    with pytest.raises(DamagedError):
        opened(bytes(container), key)


def test_segments_can_be_neither_dropped_swapped_nor_repeated():
    key = new_key()
    whole = sealed(bytes(3 * SEGMENT_BYTES), key)
    first, second, third = (
        whole[len(MAGIC) + place * STEP : len(MAGIC) + (place + 1) * STEP] for place in range(3)
    )
    for wrong in (
        [first, second],
        [first, third],
        [second, first, third],
        [first, second, second, third],
        [],
    ):
        with pytest.raises(DamagedError):
            opened(MAGIC + b"".join(wrong), key)


def test_another_key_opens_nothing():
    with pytest.raises(DamagedError):
        opened(sealed(b"secret", new_key()), new_key())


def test_a_file_s_key_opens_in_its_province_only_and_after_a_rotation(db, settings):
    key = new_key()
    with entered("01"):
        kept = seal_key(key)
        settings.MASTER_KEYS = {**settings.MASTER_KEYS, 2: "cd" * 32}
        assert unseal_key(kept) == key
        assert seal_key(key)[0] == 2
    with entered("02"), pytest.raises(DamagedError):
        unseal_key(kept)
