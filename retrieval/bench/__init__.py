"""Speed, memory and disk of the engine, next to the peers that are installed, on the same passages in the same run."""
