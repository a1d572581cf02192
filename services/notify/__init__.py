"""Telling people how their request goes on: who follows what, and the messages on their way."""
