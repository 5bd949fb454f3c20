"""Ground floor: a seeded, believable B2B company whose every planted truth is known."""
