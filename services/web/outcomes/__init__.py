"""Signed documents on A4, with a picture that proves them genuine.

A service whose code names a file here (`CON-D-001.typ`) is printed by that file; the others by
`letter.typ`. Either gets the same content.
"""
