"""`pandu serve`: what runs beside the application, started together, watched, and stopped in order."""
