"""Figures of the service for the office: counts, times and pictures. Nothing here names a person."""
