"""What comes with the product of buying roles, as data: the stated prior, evidence and words."""
