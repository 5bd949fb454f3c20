"""Step 6, Operationalize: who does what, in which system, when."""
