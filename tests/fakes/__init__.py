"""Stand-ins written as grown-up code: small, typed, with a friendly notation."""
