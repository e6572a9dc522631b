"""The work: jobs, how they start, how they copy, and how nothing gets lost."""
