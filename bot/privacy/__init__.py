"""What an applicant may ask about their data, how long everything is kept, and what may not be erased."""
