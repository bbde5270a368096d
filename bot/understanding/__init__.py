"""Learning from what was not understood: kept without personal data, grouped by meaning, labelled by a person."""
