"""What applicants read about KBLI codes."""
