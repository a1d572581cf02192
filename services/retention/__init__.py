"""What personal data is kept for, how long, and on what ground; one policy for the country."""
