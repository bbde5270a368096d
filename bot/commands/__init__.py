"""The `pandu` command: one file a group of commands here, what they do in `work/`."""
