"""Discord: servers and direct messages, through a gateway connection and Discord's HTTP API."""
