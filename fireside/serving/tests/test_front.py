"""The front and the bridge on a real Granian: what a browser, a proxy or a bad client would see."""

import gzip
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

from fireside.serving.tests.house import ROOT, free_port

pytestmark = pytest.mark.once
BIG = os.urandom(3_000_000)


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("toy")
    (folder / "big.bin").write_bytes(BIG)
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "fireside.serving.tests.served", str(port)],
        cwd=ROOT, env={**os.environ, "FIRESIDE_DATA": str(folder), "FIRESIDE_WEB_THREADS": "2", "FIRESIDE_MAX_UPLOAD_MIB": "40",
                       "FIRESIDE_LOG": "json"},
        stdout=(folder / "log").open("wb"), stderr=subprocess.STDOUT,
    )  # fmt: skip
    for _try in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            assert process.poll() is None, (folder / "log").read_text()
            time.sleep(0.05)
    yield port, folder
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0


def ask(port, path, method="GET", body=None, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = headers or {}
    connection.request(method, path, body, headers, encode_chunked="Transfer-Encoding" in headers)
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return answer, data


def test_headers_arrive_and_cannot_pose(toy):
    port, _ = toy
    answer, data = ask(
        port, "/environ?q=%E7%81%AB", headers={"X_Real_Ip": "6.6.6.6", "X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "https"}
    )
    seen = dict(line.split("=", 1) for line in data.decode("latin-1").splitlines())
    assert seen["REMOTE_ADDR"] == "127.0.0.1"
    assert seen["QUERY_STRING"] == "q=%E7%81%AB"
    assert seen["scheme"] == "http"
    assert not [key for key in seen if "FORWARDED" in key or "REAL_IP" in key]
    assert answer.headers.get_all("Set-Cookie") == ["a=1", "b=2"]
    assert len(answer.headers["X-Request-ID"]) == 32
    assert answer.headers["Content-Length"] == str(len(data))


def test_head_has_the_length_and_no_body(toy):
    answer, data = ask(toy[0], "/echo", "HEAD")
    assert (answer.status, data) == (200, b"")
    assert int(answer.headers["Content-Length"]) > 0


def test_words_go_out_packed_to_whoever_unpacks_them(toy):
    plain, words = ask(toy[0], "/words")
    assert plain.headers["Vary"] == "Cookie, Accept-Encoding" and "Content-Encoding" not in plain.headers
    sizes = set()
    for accepts in ["gzip, deflate, br", "br;q=1, GZIP;q=0.5", *["gzip"] * 6]:
        packed, data = ask(toy[0], "/words", headers={"Accept-Encoding": accepts})
        assert (packed.headers["Content-Encoding"], packed.headers["Vary"]) == ("gzip", "Cookie, Accept-Encoding")
        assert gzip.decompress(data) == words and int(packed.headers["Content-Length"]) == len(data) < len(words) / 4
        sizes.add(len(data))
    assert len(sizes) > 1, "how long it is tells nothing of what stands in it"
    for accepts, path, method in (
        ("br", "/words", "GET"), ("gzip;q=0", "/words", "GET"), ("gzip", "/words?etag", "GET"), ("gzip", "/words", "HEAD"), ("gzip", "/echo", "GET"),
        ("gzip", "/file", "GET"), ("gzip", "/stream?2,2000,0", "GET"), ("gzip", "/part?0-2000", "GET"),
    ):  # fmt: skip
        answer, _data = ask(toy[0], path, method, headers={"Accept-Encoding": accepts})
        assert answer.status in {200, 206} and "Content-Encoding" not in answer.headers, (accepts, path)


def test_304_and_204_have_no_body(toy):
    for path, status in (("/unchanged", 304), ("/nothing", 204)):
        answer, data = ask(toy[0], path)
        assert (answer.status, data) == (status, b"")
        assert "Content-Length" not in answer.headers


@pytest.mark.parametrize("size", [0, 1, 1000, 262_144, 262_145, 3_000_000])
def test_bodies_of_every_size_arrive_whole(toy, size):
    for headers in ({}, {"Transfer-Encoding": "chunked"}):
        body = iter([BIG[:size]]) if headers and size else BIG[:size]
        _answer, data = ask(toy[0], "/echo", "POST", body, headers if size else {})
        assert data.decode().split()[:2] == ["POST", str(size)]


def test_a_damaged_body_is_refused(toy):
    with socket.create_connection(("127.0.0.1", toy[0]), 10) as line:
        line.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nno number\r\n")
        assert line.recv(4000).startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(
    ("what", "headers", "status"),
    [
        ("as many as browsers and proxies send", [f"X-H{n}: 1" for n in range(90)], b"200"),
        ("too many", [f"X-H{n}: 1" for n in range(101)], b"431"),
        ("a long cookie", ["Cookie: a=" + "x" * 30_000], b"200"),
        ("one too large", ["Cookie: a=" + "x" * 70_000], b"431"),
        ("too large together", [f"X-H{n}: {'x' * 5000}" for n in range(15)], b"431"),
        ("no end of a name", ["X" * 70_000], b"431"),
        ("no header at all", ["no colon"], b"400"),
    ],
)
def test_headers_too_many_or_too_large_are_refused_clearly(toy, what, headers, status):
    """An answer that says which of the two it is, then the connection ends; the house goes on."""
    port, _ = toy
    with socket.create_connection(("127.0.0.1", port), 10) as line:
        line.sendall("\r\n".join(["GET /echo HTTP/1.1", "Host: x", "Connection: close", *headers, "", ""]).encode())
        said = b""
        while part := line.recv(65536):
            said += part
    assert said.startswith(b"HTTP/1.1 " + status), (what, said[:200])
    assert ask(port, "/echo")[0].status == 200


def test_headers_that_never_end_are_not_waited_for(toy):
    """Who opens a connection and sends headers a word at a time is cut off after fifteen seconds, and holds nobody up meanwhile."""
    port, _ = toy
    with socket.create_connection(("127.0.0.1", port), 60) as line:
        began = time.monotonic()
        line.sendall(b"GET /echo HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        assert ask(port, "/echo")[0].status == 200
        said = line.recv(1000)
        assert time.monotonic() - began > 10  # and within the minute that this line waits
        assert said == b"" or said.startswith(b"HTTP/1.1 408")


def test_a_body_too_large_is_refused_before_it_is_read(toy):
    with socket.create_connection(("127.0.0.1", toy[0]), 10) as line:
        line.sendall(b"POST /large HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\nExpect: 100-continue\r\n\r\n")
        said = line.recv(4000)
    assert said.startswith(b"HTTP/1.1 413")  # and not "100 Continue"
    assert b"connection: close" in said


def test_a_chunked_body_too_large_is_refused_on_the_way(toy):
    answer, _ = ask(toy[0], "/echo", "POST", (BIG for _ in range(10)), {"Transfer-Encoding": "chunked"})
    assert answer.headers["Connection"] == "close"
    assert answer.status == 200  # this application does not look at the mark; Django's answers 413 (test_limits)


def test_whole_archives_may_be_brought_where_archives_are_brought(toy):
    _answer, data = ask(toy[0], "/setup/anything", "POST", (BIG for _ in range(10)), {"Transfer-Encoding": "chunked"})
    assert b"broke" in data  # it reached the application, which has no such page
    assert not list((toy[1] / "uploads").iterdir())  # and nothing is left lying about


@pytest.mark.parametrize("path", ["/setup/anything", "/cockpit/import", "/api/v1/imports/files", "/files", "/api/v1/files"])
def test_nothing_large_is_kept_of_whoever_may_not_send_it(toy, path):
    """A length that is too much is answered before any of it is read, one without a length, too; a small form goes through to be refused by its page."""
    port, folder = toy
    with socket.create_connection(("127.0.0.1", port), 10) as line:
        line.sendall(
            f"POST {path} HTTP/1.1\r\nHost: x\r\nX-Stranger: yes\r\nContent-Length: 30000000\r\nExpect: 100-continue\r\n\r\n".encode()
        )
        said = line.recv(4000)
    assert said.startswith(b"HTTP/1.1 403")  # and not "100 Continue"
    assert b"connection: close" in said
    assert said.endswith(b"not theirs, 0 bytes")
    answer, _ = ask(port, path, "POST", (BIG for _ in range(10)), {"Transfer-Encoding": "chunked", "X-Stranger": "yes"})
    assert answer.status == 403
    assert (
        ask(port, path, "POST", b"x" * 1000, {"X-Stranger": "yes"})[0].status == 500
    )  # it reached the application, which has no such page
    assert not list((folder / "uploads").iterdir())


def test_a_file_is_sent_by_the_server(toy):
    answer, data = ask(toy[0], "/file")
    assert data == BIG
    assert answer.headers["Content-Length"] == str(len(BIG))


def test_a_part_of_a_file_is_sent_and_whoever_reads_it_slowly_holds_no_thread(toy):
    answer, data = ask(toy[0], "/part?5-9")
    assert (answer.status, data, answer.headers["Content-Range"]) == (206, BIG[5:10], f"bytes 5-9/{len(BIG)}")
    answer, data = ask(toy[0], "/part?5-9", "HEAD")
    assert (answer.status, data, answer.headers["Content-Length"]) == (206, b"", "5")
    lines = []
    for _n in range(12):  # twice as many as there are slow threads
        line = socket.create_connection(("127.0.0.1", toy[0]), 10)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.sendall(b"GET /part?0-%d HTTP/1.1\r\nHost: x\r\n\r\n" % (len(BIG) - 1))
        lines.append(line)
    time.sleep(0.3)
    began = time.monotonic()
    assert len(ask(toy[0], "/stream?5,1000,0")[1]) == 5000
    assert time.monotonic() - began < 10
    for line in lines:
        line.close()


def test_a_stream_flows_and_is_closed(toy):
    port, folder = toy
    (folder / "closed").unlink(missing_ok=True)
    _answer, data = ask(port, "/stream?5,1000,0")
    assert len(data) == 5000
    assert (folder / "closed").exists()


def test_a_stream_stops_when_nobody_listens(toy):
    port, folder = toy
    (folder / "closed").unlink(missing_ok=True)
    line = socket.create_connection(("127.0.0.1", port), 10)
    line.sendall(b"GET /stream?5000,1000,0.02 HTTP/1.1\r\nHost: x\r\n\r\n")
    line.recv(2000)
    line.close()
    until = time.monotonic() + 10
    while not (folder / "closed").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert (folder / "closed").exists()
    assert int((folder / "streamed").read_text()) < 1000


def test_streams_and_uploads_leave_the_page_threads_free(toy):
    """Two page threads, four long streams and two slow uploads: a page still comes at once."""
    port, _ = toy
    lines = []
    for _n in range(4):
        line = socket.create_connection(("127.0.0.1", port), 10)
        line.sendall(b"GET /stream?2000,100,0.05 HTTP/1.1\r\nHost: x\r\n\r\n")
        lines.append(line)
    for _n in range(2):
        line = socket.create_connection(("127.0.0.1", port), 10)
        line.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nslow")
        lines.append(line)
    time.sleep(0.3)
    began = time.monotonic()
    assert ask(port, "/echo")[0].status == 200
    assert time.monotonic() - began < 10  # whoever stands in their line waits for minutes
    for line in lines:
        line.close()


def test_pages_are_answered_side_by_side_up_to_the_threads(toy):
    slept = []
    threads = [threading.Thread(target=lambda: slept.append(ask(toy[0], "/sleep?0.5")[1].split())) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    spans = [(float(began), float(ended)) for began, ended in slept]
    assert max(sum(began <= start < ended for began, ended in spans) for start, _end in spans) == 2  # two threads, two at a time


def test_the_application_breaks_and_the_house_stands(toy):
    port, folder = toy
    answer, data = ask(port, "/nonsense")
    assert answer.status == 500
    assert b"RuntimeError" not in data
    assert answer.headers["X-Request-ID"] in (folder / "log").read_text()
    assert ask(port, "/healthz")[1] == b"ok\n"


def test_memory_does_not_grow_with_an_upload(toy):
    """30 MB go through in pieces; the process may grow by a few."""
    psutil = pytest.importorskip("psutil")
    port, _ = toy
    web = [c for c in psutil.Process().children(recursive=True) if c.name().startswith("python")]
    before = sum(p.memory_info().rss for p in web)
    ask(port, "/setup/x", "POST", (BIG for _ in range(10)), {"Transfer-Encoding": "chunked"})
    assert sum(p.memory_info().rss for p in web if p.is_running()) - before < 15_000_000


def test_static_files_come_without_the_application(toy):
    answer, data = ask(toy[0], "/static/mark.svg")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "image/svg+xml"
    tag = answer.headers["ETag"]
    assert ask(toy[0], "/static/mark.svg", headers={"If-None-Match": tag})[0].status == 304
    part, some = ask(toy[0], "/static/mark.svg", headers={"Range": "bytes=0-3"})
    assert (part.status, some) == (206, data[:4])
    assert ask(toy[0], "/static/mark.svg", "HEAD")[1] == b""
    assert ask(toy[0], "/static/../fireside.sqlite3")[0].status == 500  # no such file: on to the application
