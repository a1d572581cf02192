"""What a chief and an administrator open: the morning, offices, people, reminders, notices."""
