"""`make hosts`: Pandu on two hosts and one PostgreSQL, one of them cut off, updated and restarted under load."""
