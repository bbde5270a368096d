"""The officers' console: server-rendered pages under `/console`, live by htmx and server-sent events.

How to add a page:

1. A module here with `router = APIRouter()` and handlers that take `desk: Here` and `signed: AnyOfficer` (or
   `Supervisor`, `Administrator`): `access.py` refuses everybody else. `desk` has the settings, the knowledge, the
   clock (`desk.now()`), the office's time zone, and `desk.session()`, one transaction that commits at its end. Call
   a capability's service; no SQL in a page.
2. Answer `desk.page(request, signed, "name.html", section="…", **values)`; the template extends `base.html` and takes
   its parts from `macros.html` (buttons, fields, tables, empty states, pagers). After a change: `desk.done(request,
   "/console/…", "Tersimpan.")`, a redirect with a short message. What went wrong: the same page again, with `error` and
   status 422, and what was typed still in its fields.
3. Reading a person's data is written down: `await read(session, signed, "conversation", id)` (`access.py`).
4. Name the router in `routes.py`, and the page in `SECTIONS` there, if it belongs into the navigation.
5. `tests/console/` visits every route as every role; a new route must be named there.

No inline script or style anywhere: the Content-Security-Policy forbids both. Behaviour is in `static/console.js` by
`data-` attributes (`data-copy`, `data-confirm`, `data-key`, `data-submit-key` …: the list is at its top). Changes are
POSTs from our own pages only (`access.py` checks the origin).
"""
