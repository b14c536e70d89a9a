"""What the stacks are built of: a function with its role and log, a queue with its dead-letter queue, a network."""
