"""How the web process of a story runs: one process with as many threads as a small co-op needs."""

worker_class = "gthread"
workers = 1
threads = 6
timeout = 60
control_socket_disable = True
