"""How actors stand to each other: level, alignment, tension, ties."""
