"""How the database became what it is: one file a change, run by `mentorbot db upgrade`."""
