"""Source: strategic rivalries after Thompson and Dreyer."""
