"""mentorbot: whole mentoring programs inside the chat a community already uses."""
