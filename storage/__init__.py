"""What must survive the process, in SQL: jobs, progress, accounts. Takes and returns domain objects."""
