"""The course machinery: source -> build, verify; handins -> engine (nbgrader) -> grade."""
