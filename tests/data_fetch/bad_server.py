"""A web server on 127.0.0.1 that behaves well and badly; the first folder of the path says how.

with Server({"cell.nwb": content}) as server:
    server.url("good"), server.url("drop"), ...      # folders to use as mirrors
    server.asked                                     # (behaviour, Range header) per request
"""

import contextlib
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from data_fetch.download import Patience

ETAG = '"first"'
QUICK = Patience(timeout=0.5, tries=3, pause=0.01)


class Server:
    def __init__(self, files, tenth=None):
        self.files, self.asked, self.lock = files, [], threading.Lock()
        self.tenth = tenth
        handler = type("Bound", (Handler,), {"server_state": self})
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.http.daemon_threads = True

    def __enter__(self):
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()

    def url(self, behaviour):
        return f"http://127.0.0.1:{self.http.server_port}/{behaviour}"

    def count(self, behaviour):
        return sum(kind == behaviour for kind, _ in self.asked)


class Handler(BaseHTTPRequestHandler):
    server_state = None
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        behaviour, _, name = self.path.lstrip("/").partition("/")
        state = self.server_state
        with state.lock:
            state.asked.append((behaviour, self.headers.get("Range")))
            turn = state.count(behaviour)
        content = state.files.get(name)
        if content is None:
            return self.answer(404, b"no such file")
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            getattr(self, "be_" + behaviour)(content, turn)
        self.close_connection = True

    def answer(self, status, body, **headers):
        self.send_response(status)
        self.send_header("Connection", "close")
        for key, value in {"Content-Length": len(body), **headers}.items():
            self.send_header(key.replace("_", "-"), str(value))
        self.end_headers()
        self.wfile.write(body)

    def part(self, content, etag=ETAG, stop=None):
        """The whole or the range asked for, cut off after ``stop`` bytes if given."""
        asked, start = self.headers.get("Range"), 0
        if asked and self.headers.get("If-Range", etag) == etag:
            start = int(asked.removeprefix("bytes=").rstrip("-"))
            if start >= len(content):
                return self.answer(416, b"", Content_Range=f"bytes */{len(content)}")
        self.send_response(206 if start else 200)
        if start:
            whole = len(content)
            self.send_header("Content-Range", f"bytes {start}-{whole - 1}/{whole}")
        self.send_header("Content-Length", str(len(content) - start))
        if etag:
            self.send_header("ETag", etag)
        self.end_headers()
        body = content[start:]
        self.wfile.write(body if stop is None else body[:stop])

    def be_good(self, content, turn):
        self.part(content)

    def be_slow(self, content, turn):
        """Ten pieces, 10 ms apart: time to be killed."""
        asked = self.headers.get("Range")
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        self.send_response(206 if start else 200)
        self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - start))
        self.send_header("ETag", ETAG)
        self.end_headers()
        step = -(-len(content) // 10)
        for piece in range(start, len(content), step):
            self.wfile.write(content[piece : piece + step])
            self.wfile.flush()
            time.sleep(0.01)

    def be_truncate(self, content, turn):
        """Claims to be whole, and ends in the middle: a shorter file with its own length."""
        self.answer(200, content[: len(content) // 2])

    def be_corrupt(self, content, turn):
        middle = len(content) // 2
        self.part(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])

    def be_corrupt_first(self, content, turn):
        """Wrong bytes in the first half, then the line breaks; later ranges are right."""
        if turn == 1:
            return self.part(b"\x89HDF\r\n\x1a\n" + bytes(len(content) - 8), stop=len(content) // 2)
        self.part(content)

    def be_stall(self, content, turn):
        """Sends a third, then nothing; answers the next request well."""
        if turn > 1:
            return self.part(content)
        self.part(content, stop=len(content) // 3)
        self.wfile.flush()
        time.sleep(1.5)

    def be_redirect(self, content, turn):
        self.answer(302, b"", Location=self.path.replace("redirect", "good"))

    def be_circle(self, content, turn):
        self.answer(302, b"", Location=self.path)

    def be_403(self, content, turn):
        self.answer(403, b"forbidden")

    def be_500(self, content, turn):
        self.answer(500, b"sorry")

    def be_429(self, content, turn):
        """Too many requests, twice; then good."""
        if turn <= 2:
            return self.answer(429, b"wait", Retry_After="0")
        self.part(content)

    def be_html(self, content, turn):
        self.answer(200, b"<html>please log in</html>", Content_Type="text/html; charset=utf-8")

    def be_html_unlabelled(self, content, turn):
        self.answer(200, b"<html>please log in</html>", Content_Type="application/octet-stream")

    def be_drop(self, content, turn):
        """Breaks the line after every tenth of the file."""
        self.part(content, stop=-(-len(content) // 10))

    def be_drop_blind(self, content, turn):
        """The same without an ETag: only the hash tells whether the pieces fit."""
        self.part(content, etag=None, stop=-(-len(content) // 10))

    def be_change(self, content, turn):
        """Another version at first, cut off half way; the ETag says that it changed."""
        if turn == 1:
            old = b"\x89HDF\r\n\x1a\n" + bytes(len(content) - 8)
            return self.part(old, etag='"older"', stop=len(content) // 2)
        self.part(content)

    def be_change_blind(self, content, turn):
        """The same, and nothing tells that it changed."""
        if turn == 1:
            old = b"\x89HDF\r\n\x1a\n" + bytes(len(content) - 8)
            return self.part(old, etag=None, stop=len(content) // 2)
        self.part(content, etag=None)

    def be_endless(self, content, turn):
        """Neither length nor validator: the end of the line is the end of the file."""
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)
