"""What can be added to a panel: one function per verb, one file per family."""
