"""Step 4, Synthesize: who is on the committee, and what each needs to hear."""
