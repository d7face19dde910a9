"""Source: Ideal points of UN members, as their authors published them."""
