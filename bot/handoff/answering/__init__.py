"""Officers' answers: replies, files, suggestions, and answers of the bot that wait for their yes."""
