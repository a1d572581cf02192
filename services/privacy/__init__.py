"""Data protection in a province: what goes when, holds, copies for the person, corrections."""
