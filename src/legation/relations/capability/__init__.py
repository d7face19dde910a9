"""An actor's capability and stability from the tables that a world may hold beyond the baseline's own."""
