"""`make chaos`: processes are killed under load; a ledger outside Pandu counts what was lost, doubled or reordered."""
