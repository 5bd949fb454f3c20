"""The faces: they translate; they never compute."""
