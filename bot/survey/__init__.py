"""What people think of the service: the SKM survey, and whether an answer helped."""
