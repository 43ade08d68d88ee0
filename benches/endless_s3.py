"""An S3 server with an object as large as one likes that is on no disk: its rows are made as they are read.

What is written to it is counted and forgotten. It checks no signatures, and answers just what reading in ranges and writing in
parts need; whether Pythia does both well is tested elsewhere.
"""

import contextlib
import http.server
import threading
from urllib.parse import parse_qs, urlparse

HEAD = {"ETag": '"1"', "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT", "Content-Type": "application/octet-stream"}


class Repeated:
    """Bytes, then other bytes again and again."""

    def __init__(self, header, rows, copies):
        self.header, self.rows = header, memoryview(rows)
        self.size = len(header) + len(rows) * copies

    def pieces(self, start, end):
        if start < len(self.header):
            yield self.header[start:end]
            start = len(self.header)
        while start < end:
            place = (start - len(self.header)) % len(self.rows)
            piece = self.rows[place : place + end - start]
            yield piece
            start += len(piece)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, objects):
        super().__init__(("127.0.0.1", 0), Handler)
        self.objects, self.lock = objects, threading.Lock()
        self.n_bytes, self.n_lines, self.is_complete = 0, 0, False

    def count(self, content):
        lines = content.count(b"\n")
        with self.lock:
            self.n_bytes, self.n_lines = self.n_bytes + len(content), self.n_lines + lines


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        found = self.server.objects.get(urlparse(self.path).path)
        if not found:
            return self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        first, _, last = self.headers["Range"].removeprefix("bytes=").partition("-")
        start, end = int(first), min(int(last) + 1, found.size)
        self.send_response(206)
        for name, value in {**HEAD, "Content-Length": str(end - start), "Content-Range": f"bytes {start}-{end - 1}/{found.size}"}.items():
            self.send_header(name, value)
        self.end_headers()
        for piece in found.pieces(start, end):
            self.wfile.write(piece)

    def do_PUT(self):
        self.server.count(self.rfile.read(int(self.headers["Content-Length"])))
        if "partNumber" not in self.query():
            self.server.is_complete = True
        self.answer(200, b"")

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if "uploads" in self.query():
            return self.answer(200, b"<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>")
        self.server.is_complete = True
        self.answer(200, b'<CompleteMultipartUploadResult><ETag>"2"</ETag></CompleteMultipartUploadResult>')

    def query(self):
        return parse_qs(urlparse(self.path).query, keep_blank_values=True)

    def answer(self, status, body):
        self.send_response(status)
        for name, value in {**HEAD, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Says nothing."""


@contextlib.contextmanager
def serving(objects):
    """A running server of `objects`, path -> Repeated."""
    with Server(objects) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
