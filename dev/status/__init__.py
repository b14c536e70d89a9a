"""`make status`: what a running bundle is doing, asked over HTTP as an administrator and shown as tables."""
