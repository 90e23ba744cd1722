"""The sandbox: the bot in a browser page and over HTTP, on this machine alone, with its own people and clock."""
