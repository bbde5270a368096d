"""Counters and timers, served at GET /metrics."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

received = Counter("pandu_received_total", "Messages stored", ["channel", "kind"])
repeated = Counter("pandu_repeated_total", "Repeated deliveries that changed nothing", ["channel"])
refused = Counter("pandu_refused_total", "Calls refused", ["where", "reason"])
refusal_alarm = Gauge("pandu_refusal_alarm", "1 while many calls were refused lately", ["where", "reason"])
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
engine_down = Counter("pandu_engine_unavailable_total", "Turns that found the engine away")
answer_seconds = Histogram(
    "pandu_answer_seconds",
    "From a message's arrival to its replies being stored",
    buckets=(0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300),
)
up = Gauge("pandu_up", "1 while the part works", ["part"])
unanswered = Gauge("pandu_unanswered_messages", "Messages of applicants without an outcome yet")
unanswered_age = Gauge("pandu_unanswered_age_seconds", "How long the oldest of them has waited")
unsent = Gauge("pandu_unsent_messages", "Messages to applicants that no provider has taken yet")
unsent_age = Gauge("pandu_unsent_age_seconds", "How long the oldest of them has waited")
jobs = Gauge("pandu_jobs", "Jobs in the queue", ["status"])
forgotten = Counter("pandu_forgotten_total", "Conversations in which something waited without a job, queued again")
held_back = Gauge("pandu_held_back_messages", "Waiting messages by what their provider said last", ["channel", "code"])
setup_alarm = Gauge("pandu_setup_alarm", "1 while the office's own set-up keeps messages back", ["channel", "code"])
