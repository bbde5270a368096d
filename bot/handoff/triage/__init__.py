"""Triage: reply targets, labels, saved views, putting off, several at once, sharing out."""
