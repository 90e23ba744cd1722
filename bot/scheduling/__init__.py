"""The alarm clock: which sweeps there are, and who winds them."""
