"""Answers about KBLI codes."""
