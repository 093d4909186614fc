"""The conversation with the client: transports, replies and the dispatch of actions."""
