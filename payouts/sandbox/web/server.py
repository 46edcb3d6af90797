"""The HTTP server: reads a request within limits, writes a reply in one piece, survives whatever comes."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from payouts.sandbox.errors import Refused, broken
from payouts.sandbox.web.http import Reply, Request, json_reply

log = logging.getLogger(__name__)
MOST_BYTES = 1_000_000
PATIENCE = 60
SAFE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
Serve = Callable[[Request], Reply]


class Handler(BaseHTTPRequestHandler):
    """One connection, kept open between calls."""

    protocol_version = "HTTP/1.1"
    server_version = "sandbox"
    sys_version = ""
    timeout = PATIENCE
    wbufsize = -1
    disable_nagle_algorithm = True
    serve: Serve

    def log_message(self, format: str, *args: Any) -> None:
        log.debug(format, *args)

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def _answer(self) -> None:
        try:
            reply = type(self).serve(self._request())
        except Refused as refusal:
            self.close_connection = True
            reply = json_reply(refusal.status, refusal.body)
        except Exception:
            log.exception("%s %s failed", self.command, self.path)
            reply = json_reply(500, broken("The sandbox failed at this call.").body)
        try:
            self._write(reply)
        except OSError:
            self.close_connection = True

    def _request(self) -> Request:
        path, _, query = self.path.partition("?")
        return Request(self.command, path, query, self._body(), self.headers)

    def _body(self) -> str:
        if "chunked" in (self.headers.get("Transfer-Encoding") or "").lower():
            raise Refused("Send the body with its length.", status=411)
        told = self.headers.get("Content-Length") or "0"
        if not (told.isascii() and told.isdigit()):
            raise Refused("The length of the body makes no sense.")
        if len(told) > 12 or int(told) > MOST_BYTES:
            raise Refused("The body is too large.", status=413)
        try:
            return self.rfile.read(int(told)).decode()
        except UnicodeDecodeError as trouble:
            raise Refused("The body is not UTF-8.") from trouble

    def _write(self, reply: Reply) -> None:
        if reply.lost:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(reply.status)
        for name, value in {**SAFE, **reply.headers, "Content-Length": str(len(reply.body))}.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(reply.body)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is nothing to shout about."""
        log.debug("A connection ended badly", exc_info=True)


def bind(host: str, port: int, serve: Serve) -> Server:
    """A server that answers with `serve`; port 0 takes any free one."""
    return Server((host, port), type("Bound", (Handler,), {"serve": staticmethod(serve)}))
