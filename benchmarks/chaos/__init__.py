"""`make chaos`: processes are killed under load, and a ledger outside Pandu counts what was lost, doubled or reordered."""
