"""Plays the main job on a running stack, over HTTP alone, and checks every step of it."""
