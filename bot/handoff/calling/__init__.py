"""Calling officers: notifications on their devices, and an emergency that reaches somebody."""
