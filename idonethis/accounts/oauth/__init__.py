"""Applications of others that people let in, without giving them a password or a token by hand."""
