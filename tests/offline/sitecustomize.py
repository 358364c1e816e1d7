"""Refuses every connection that leaves the machine, in this process and in the Python processes it starts.

Python imports this module at start when its folder is on PYTHONPATH; refusals are also noted in the file
that JAWAB_REFUSED names, so that a test sees those that somebody swallowed.
"""

import os
import sys

LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")


def refuse(event, arguments):
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    if host is None or host == "" or str(host).startswith(LOOPBACK):
        return
    if os.environ.get("JAWAB_REFUSED"):
        with open(os.environ["JAWAB_REFUSED"], "a") as noted:  # noqa: PTH123 - pathlib is not loaded yet
            noted.write(f"{event} {host}\n")
    raise ConnectionRefusedError(f"a test tried to reach {host}")


sys.addaudithook(refuse)
