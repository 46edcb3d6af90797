"""How the web of a story runs: as in production, two processes of several threads that share no memory."""

worker_class = "gthread"
workers = 2
threads = 4
preload_app = True
timeout = 60
control_socket_disable = True
