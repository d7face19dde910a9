"""Parts of the generated reference pages."""
