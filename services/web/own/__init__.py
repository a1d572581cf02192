"""More of a request for the applicant: what the code and the phone's last four digits open."""
