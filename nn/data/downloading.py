"""Files from the internet: complete and checked, or not there at all."""

from __future__ import annotations

import http.client
import os
import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tqdm import tqdm

from nn.data.files import DataError, check_digest, digest_of
from nn.folder_lock import lock_to_write

PAUSE = 1.0  # seconds before the first retry; each further one waits twice as long
_PIECE = 1 << 16
_PASSING = {408, 425, 429, 500, 502, 503, 504}  # HTTP statuses after which it's worth trying again


class _CutError(Exception):
    """The transfer has ended too early, and may be tried again."""


def download(
    url: str,
    path: str | os.PathLike[str],
    sha256: str | None = None,
    *,
    timeout: float = 30.0,
    retries: int = 3,
) -> str:
    """Fetch ``url`` into the file ``path``, unless it is there; return the file's SHA-256.

    The file appears complete or not at all, and only if its digest is ``sha256``. A transfer that
    was cut off, or hears nothing for ``timeout`` seconds, is resumed, up to ``retries`` times; if
    ``sha256`` is given, also by the next call, for then it is sure that the parts fit. Without
    ``sha256`` nothing vouches for the content but the connection: note the digest that is returned,
    and give it the next time. Of several programs that want the same file, one fetches it. On a
    terminal there is a progress bar. Raises DataError.
    """
    path = Path(path)
    if not path.exists():
        if not url.startswith(("http://", "https://")):
            raise DataError(f"download: needs an http:// or https:// address, got {url!r}")
        path.parent.mkdir(parents=True, exist_ok=True)
        with lock_to_write(path.parent):  # two programs would write into the same part
            if not path.exists():
                _fetch(url, path, sha256, timeout, retries)
    check_digest(path, sha256)
    return digest_of(path) if sha256 is None else sha256.lower()


def _fetch(url: str, path: Path, sha256: str | None, timeout: float, retries: int) -> None:
    name = f"{path.name}.part" if sha256 else f"{path.name}.{os.urandom(4).hex()}.part"
    part = path.with_name(name)
    try:
        _transfer_with_retries(url, part, path, timeout, retries)
        try:
            check_digest(part, sha256)
        except DataError as error:
            part.unlink()
            raise DataError(f"download: {url} gave something else: {error}") from None
        os.replace(part, path)
    finally:
        if sha256 is None:
            part.unlink(missing_ok=True)


def _transfer_with_retries(url: str, part: Path, path: Path, timeout: float, retries: int) -> None:
    for attempt in range(retries + 1):
        if attempt:
            time.sleep(PAUSE * 2 ** (attempt - 1))
        try:
            return _transfer(url, part, path.name, timeout)
        except _CutError as error:
            failure = error
    raise DataError(
        f"download: {url} can't be fetched: {failure}; try again later, or put the file there by "
        f"other means: {path}"
    ) from failure


def _transfer(url: str, part: Path, name: str, timeout: float) -> None:
    """Fetch what ``part`` lacks."""
    have = part.stat().st_size if part.exists() else 0
    with _open(url, part, have, timeout) as response:
        start = _start(response, have)
        total = None if response.length is None else start + response.length
        with part.open("ab") as file:
            file.truncate(start)
            _copy(response, file, name, total)
        if total is not None and part.stat().st_size < total:
            raise _CutError(f"the connection was cut after {part.stat().st_size} of {total} bytes")


def _open(url: str, part: Path, have: int, timeout: float) -> Any:
    headers = {"User-Agent": "retrograd", "Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    try:
        with _network():
            request = urllib.request.Request(url, headers=headers)
            return urllib.request.urlopen(request, timeout=timeout)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code in _PASSING:
            raise _CutError(f"the server says {error}") from None
        if error.code != http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE or not have:
            raise DataError(f"download: {url}: the server says {error}") from None
    # The part is as long as the file, or longer: begin anew, for it may not even be its part.
    part.unlink()
    return _open(url, part, 0, timeout)


@contextmanager
def _network() -> Iterator[None]:
    """What fails within the block is the network, not the disk."""
    try:
        yield
    except urllib.error.HTTPError:
        raise
    except ValueError as error:
        raise DataError(f"download: the address makes no sense: {error}") from error
    except (OSError, http.client.HTTPException) as error:
        raise _CutError(str(error) or type(error).__name__) from error


def _start(response: Any, have: int) -> int:
    """Where in the file the answer begins: at 0 if the server doesn't know how to resume."""
    if response.status != http.HTTPStatus.PARTIAL_CONTENT:
        return 0
    given = response.headers.get("Content-Range", "")
    match = re.match(r"bytes (\d+)-", given)
    if match is None or int(match[1]) != have:
        raise _CutError(f"the server was asked for the bytes from {have}, but sends {given!r}")
    return have


def _copy(response: Any, file: Any, name: str, total: int | None) -> None:
    options: dict[str, Any] = {"unit": "B", "unit_scale": True, "disable": None, "leave": False}
    with tqdm(desc=name, total=total, initial=file.tell(), **options) as bar:
        while piece := _read(response):
            file.write(piece)
            bar.update(len(piece))
    file.flush()
    os.fsync(file.fileno())


def _read(response: Any) -> bytes:
    with _network():
        piece: bytes = response.read(_PIECE)
        return piece
