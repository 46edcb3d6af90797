"""What the address of `make run` shows until the co-op is ready: how far it is, and then the site comes by itself.

It answers on a socket that it is handed, which the site takes over: nobody who asks meanwhile is turned away.
"""

from __future__ import annotations

import argparse
import socket
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

AGAIN = 2
"""Seconds until the page looks again."""
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="{again}">
<title>{percent} % · Evenhand</title>
<style>
  :root {{ color-scheme: light dark; accent-color: #2e6b4f; font: 1.125rem/1.5 system-ui, sans-serif; }}
  body {{ max-width: 30rem; margin: 15vh auto 0; padding: 0 1rem; }}
  progress {{ width: 100%; height: 1.5rem; }}
</style>
<h1>Evenhand</h1>
<p>The co-op is getting ready: {percent} %. This page becomes the site by itself.</p>
<p><progress max="100" value="{percent}" aria-label="{percent} %">{percent} %</progress></p>
<p lang="es">La cooperativa se está preparando: {percent} %. Esta página se convierte sola en el sitio.</p>
</html>
"""


def tell(where: Path, percent: int) -> None:
    """Say how far it is, for whoever reads `where`: whole at every moment."""
    unfinished = where.with_name(f"{where.name}.unfinished")
    unfinished.write_text(str(percent))
    unfinished.replace(where)


class Waiting(BaseHTTPRequestHandler):
    """The same page for every address, with 503: whoever asks is to come again."""

    progress: Path

    def do_GET(self) -> None:
        page = PAGE.format(percent=self.progress.read_text(), again=AGAIN).encode()
        self.send_response(HTTPStatus.SERVICE_UNAVAILABLE)
        for name, value in {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Length": len(page),
            "Retry-After": AGAIN,
            "Cache-Control": "no-store",
        }.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(page)

    do_POST = do_GET


def serve(listening: socket.socket, progress: Path) -> None:
    """Answer until this process is ended."""
    Waiting.progress = progress
    server = ThreadingHTTPServer(("", 0), Waiting, bind_and_activate=False)
    server.socket.close()
    server.socket = listening
    server.serve_forever()


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket", type=int, required=True, help="the number of the listening socket")
    parser.add_argument("--progress", type=Path, required=True, help="the file that says how many per cent are done")
    told = parser.parse_args(arguments)
    serve(socket.socket(fileno=told.socket), told.progress)


if __name__ == "__main__":
    main(sys.argv[1:])
