"""What is counted and timed; served at GET /metrics."""

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
engine_down = Counter("pandu_engine_unavailable_total", "Turns that found the engine away")
