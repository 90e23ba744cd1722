"""The simulation: a whole program played with invented people, through the same door as every platform."""
