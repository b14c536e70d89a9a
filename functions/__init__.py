"""The Lambda functions: one folder each. They import `shared` only, never one another."""
