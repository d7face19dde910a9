"""Tables, charts, HTML and PDF from result types."""
