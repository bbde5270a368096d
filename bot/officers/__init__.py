"""The front-office staff: accounts, roles, sessions, teams."""
