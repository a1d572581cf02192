"""What run.py does: the environment, the front end, the servers, the processes and the checks."""
