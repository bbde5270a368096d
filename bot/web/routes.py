"""Routes made ready before the first call: FastAPI builds what was included when somebody first asks for it.

For our hundred and fifty routes that is a second of processor time, which an applicant's message or an officer's
sign-in would wait for, in each process.
"""

from __future__ import annotations

from fastapi import FastAPI


def make_ready(app: FastAPI) -> None:
    """Ask each route once whether it takes an address that none has."""
    nowhere = {"type": "http", "method": "GET", "path": "/-", "root_path": "", "headers": [], "query_string": b""}
    for route in app.router.routes:
        route.matches(dict(nowhere))
