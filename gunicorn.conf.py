"""How the web process runs, in production and on a developer's machine."""

import os

bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "gthread"  # a request that waits for Stripe holds a thread, not a whole process
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
preload_app = True  # read the code once, then fork
timeout = 60
max_requests = 2000
max_requests_jitter = 200
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 - heartbeats must not wait for a disk
control_socket_disable = True
