"""The command line for people: a client of the API, which knows nothing of the server."""
