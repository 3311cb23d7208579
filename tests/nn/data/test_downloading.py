"""The downloader against a server on this machine that misbehaves in every way."""

from __future__ import annotations

import gzip
import hashlib
import http.server
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from nn import data
from nn.data import downloading
from tests.nn.data.test_idx import encode

CONTENT = np.random.default_rng(0).bytes(300_000)
DIGEST = hashlib.sha256(CONTENT).hexdigest()


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Cut connections are what is tested here."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.content = CONTENT
        self.ranges = True  # whether it can resume
        self.cuts = []  # after how many bytes the next answers end
        self.statuses = []  # what the next answers are, instead of the content
        self.length = None  # what it says that it is, if not the truth
        self.shift = 0  # by how much it gets ranges wrong
        self.silent = threading.Event()
        self.hang = False
        self.requests = []
        self.url = f"http://127.0.0.1:{self.server_port}/file"


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args):
        """Not on the terminal."""

    def do_GET(self):
        server = self.server
        wanted = self.headers.get("Range")
        server.requests.append(wanted)
        if server.hang:
            server.silent.wait(10)
            return
        if server.statuses:
            self.send_error(server.statuses.pop(0))
            return
        start = 0
        if wanted and server.ranges:
            start = int(re.match(r"bytes=(\d+)-", wanted)[1])
            if start >= len(server.content):
                self.send_error(416)
                return
        body = server.content[start:]
        self.send_response(206 if start else 200)
        if start:
            end = len(server.content)
            self.send_header("Content-Range", f"bytes {start + server.shift}-{end - 1}/{end}")
        self.send_header("Content-Length", server.length or str(len(body)))
        self.end_headers()
        self.wfile.write(body[: server.cuts.pop(0)] if server.cuts else body)


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(downloading, "PAUSE", 0.0)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    server = Server()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.silent.set()
    server.shutdown()
    server.server_close()
    thread.join()


def files(folder):
    return sorted(path.name for path in folder.glob("[!.]*"))


@pytest.mark.parametrize("digest", [None, DIGEST, DIGEST.upper()])
def test_a_file_is_fetched_once(server, tmp_path, capsys, digest):
    path = tmp_path / "new" / "file"
    for _ in range(2):
        assert data.download(server.url, path, digest) == DIGEST
    assert path.read_bytes() == CONTENT
    assert len(server.requests) == 1
    assert files(tmp_path / "new") == ["file"]
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("digest", [None, DIGEST])
def test_cut_connections_are_resumed(server, tmp_path, digest):
    server.cuts = [100_000, 50_000]
    data.download(server.url, tmp_path / "file", digest)
    assert server.requests == [None, "bytes=100000-", "bytes=150000-"]
    assert (tmp_path / "file").read_bytes() == CONTENT


@pytest.mark.parametrize("digest", [None, DIGEST])
def test_several_that_want_the_same_file(server, tmp_path, digest):
    """One fetches it; nobody writes into a file that another has taken for complete."""
    server.cuts = [1000] * 3
    with ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(data.download, server.url, tmp_path / "f", digest) for _ in range(8)]
        assert [call.result() for call in calls] == [DIGEST] * 8
    assert (tmp_path / "f").read_bytes() == CONTENT
    assert len(server.requests) == 4
    assert files(tmp_path) == ["f"]


def test_a_length_that_is_no_number(server, tmp_path):
    server.length = "many"
    assert data.download(server.url, tmp_path / "file") == DIGEST


def test_a_server_that_cannot_resume_begins_anew(server, tmp_path):
    server.cuts, server.ranges = [100_000], False
    data.download(server.url, tmp_path / "file", DIGEST)
    assert (tmp_path / "file").read_bytes() == CONTENT


def test_a_server_that_resumes_elsewhere_is_not_believed(server, tmp_path):
    server.cuts, server.shift = [100_000], 5
    with pytest.raises(data.DataError, match="asked for the bytes from 100000"):
        data.download(server.url, tmp_path / "file", DIGEST, retries=1)
    assert not (tmp_path / "file").exists()


def test_the_next_call_goes_on_where_the_digest_is_known(server, tmp_path):
    server.cuts = [100_000]
    with pytest.raises(data.DataError, match=r"cut after 100000 of 300000 bytes.*other means"):
        data.download(server.url, tmp_path / "file", DIGEST, retries=0)
    assert files(tmp_path) == ["file.part"]
    data.download(server.url, tmp_path / "file", DIGEST)
    assert server.requests[-1] == "bytes=100000-"
    assert files(tmp_path) == ["file"]


def test_without_a_digest_nothing_is_kept_of_a_failure(server, tmp_path):
    server.cuts = [100_000]
    with pytest.raises(data.DataError, match="cut after"):
        data.download(server.url, tmp_path / "file", retries=0)
    assert files(tmp_path) == []


@pytest.mark.parametrize("left_over", [CONTENT, CONTENT + b"more", b"x" * 300_000])
def test_a_part_that_is_too_long_is_thrown_away(server, tmp_path, left_over):
    (tmp_path / "file.part").write_bytes(left_over)
    data.download(server.url, tmp_path / "file", DIGEST)
    assert (tmp_path / "file").read_bytes() == CONTENT


def test_a_part_of_something_else_is_found_out(server, tmp_path):
    (tmp_path / "file.part").write_bytes(b"x" * 1000)
    with pytest.raises(data.DataError, match="gave something else"):
        data.download(server.url, tmp_path / "file", DIGEST)
    data.download(server.url, tmp_path / "file", DIGEST)
    assert (tmp_path / "file").read_bytes() == CONTENT


def test_a_wrong_digest_leaves_nothing(server, tmp_path):
    with pytest.raises(data.DataError, match=f"SHA-256 is {DIGEST}, but should be 0000"):
        data.download(server.url, tmp_path / "file", "0" * 64)
    assert files(tmp_path) == []


def test_a_file_that_is_there_is_checked_without_a_request(server, tmp_path):
    (tmp_path / "file").write_bytes(b"something else")
    with pytest.raises(data.DataError, match="damaged or another file"):
        data.download(server.url, tmp_path / "file", DIGEST)
    assert (tmp_path / "file").read_bytes() == b"something else"
    assert server.requests == []


def test_passing_failures_are_retried_and_lasting_ones_told(server, tmp_path):
    server.statuses = [503, 429]
    data.download(server.url, tmp_path / "file", DIGEST)
    server.statuses = [404]
    with pytest.raises(data.DataError, match="the server says HTTP Error 404"):
        data.download(server.url, tmp_path / "other", DIGEST)
    assert len(server.requests) == 4


def test_a_silent_server_is_given_up(server, tmp_path):
    server.hang = True
    with pytest.raises(data.DataError, match="timed out"):
        data.download(server.url, tmp_path / "file", DIGEST, timeout=0.1, retries=1)
    assert len(server.requests) == 2


def test_no_connection_and_no_such_kind_of_address(tmp_path):
    with pytest.raises(data.DataError, match="can't be fetched"):
        data.download("http://127.0.0.1:9/file", tmp_path / "file", retries=0)
    with pytest.raises(data.DataError, match="http:// or https://"):
        data.download("file:///etc/passwd", tmp_path / "file")
    for address in ("http://[there", "http://127.0.0.1:9/\N{SNOWMAN}"):
        with pytest.raises(data.DataError, match="the address makes no sense"):
            data.download(address, tmp_path / "file")


def test_a_disk_that_fails_is_no_network_error(server, tmp_path):
    (tmp_path / "file.part").mkdir()
    with pytest.raises(OSError, match=r"file\.part"):
        data.download(server.url, tmp_path / "file", DIGEST)


def test_a_data_set_is_fetched_from_the_first_source_that_has_it(server, tmp_path, monkeypatch):
    image = gzip.compress(encode(np.zeros((1, 28, 28), np.uint8)))
    label = gzip.compress(encode(np.zeros(1, np.uint8)))
    digests = {
        "train-images-idx3-ubyte.gz": hashlib.sha256(image).hexdigest(),
        "train-labels-idx1-ubyte.gz": hashlib.sha256(label).hexdigest(),
    }
    root = server.url.removesuffix("file")
    monkeypatch.setattr(data.MNIST, "sources", (root, root))
    monkeypatch.setattr(data.MNIST, "digests", digests)
    (tmp_path / "train-labels-idx1-ubyte.gz").write_bytes(label)
    server.content, server.statuses = image, [404]
    assert len(data.MNIST(tmp_path, download=True)) == 1
    assert len(server.requests) == 2
    server.statuses = [404, 403]
    with pytest.raises(data.DataError, match=r"MNIST: (.|\n)*404(.|\n)*403"):
        data.MNIST(tmp_path, train=False, download=True)
