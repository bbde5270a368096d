"""People's opinion of the service: the SKM survey, and whether an answer helped."""
