"""The bodies of the commands; each is loaded when its command runs."""
