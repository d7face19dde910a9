"""Operations: the only code that changes a desk."""
