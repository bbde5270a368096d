"""Everything that runs inside Rasa: its own Python 3.10 environment lies in engine/.venv."""
