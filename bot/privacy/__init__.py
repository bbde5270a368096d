"""The applicant's rights over their data, the periods of keeping, and holds on erasing."""
