"""What research does with the outside world: it imports, codes and keeps what was said."""
