"""Source: strategic rivalries after Thompson, Sakuwa and Suhas."""
