"""The bucket says that an object was created."""
