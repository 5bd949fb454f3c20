"""Maths on counts and moments: numbers in, numbers with intervals out."""
