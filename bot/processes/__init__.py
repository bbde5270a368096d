"""What runs beside the application: the embedded PostgreSQL, the dialogue engine, and `pandu serve` around them."""
