"""Source: SIPRI Military Expenditure Database."""
