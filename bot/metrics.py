"""What is counted and timed; served at GET /metrics."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

received = Counter("pandu_received_total", "Messages stored", ["channel", "kind"])
repeated = Counter("pandu_repeated_total", "Repeated deliveries that changed nothing", ["channel"])
refused = Counter("pandu_refused_total", "Webhook calls refused", ["channel", "reason"])
ignored = Counter("pandu_ignored_total", "Webhook calls that are no message for us", ["channel", "reason"])
turns = Counter("pandu_turns_total", "Messages handled, by outcome", ["outcome"])
turn_seconds = Histogram(
    "pandu_turn_seconds",
    "From a turn's start to its replies being stored",
    buckets=(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)
sent = Counter("pandu_sent_total", "Messages by what the provider said", ["channel", "result"])
looked_up = Counter("pandu_looked_up_total", "Broken-off sends looked for at the provider", ["channel", "result"])
fetched = Counter("pandu_fetched_total", "Messages that came by no webhook, fetched from the provider", ["channel"])
rescued = Counter("pandu_rescued_total", "Conversations with something left behind that no job cared for")
engine_down = Counter("pandu_engine_unavailable_total", "Turns that found the engine away")

unanswered = Gauge("pandu_unanswered_messages", "Messages of applicants that are not handled yet")
oldest_unanswered = Gauge("pandu_oldest_unanswered_seconds", "Age of the oldest of them")
unsent = Gauge("pandu_unsent_messages", "Messages to applicants that no provider has taken yet")
oldest_unsent = Gauge("pandu_oldest_unsent_seconds", "Age of the oldest of them")
failed_jobs = Gauge("pandu_failed_jobs", "Jobs given up after all tries")
database_up = Gauge("pandu_database_up", "1 when the database answered the look for these figures")
