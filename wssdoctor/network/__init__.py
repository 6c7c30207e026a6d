"""The only room that opens connections: to one server that the user named, bounded in time and size."""
