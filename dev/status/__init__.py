"""`make status`: what a running stage is doing, asked over HTTP as an administrator and shown as tables."""
