"""Words, figures and tables made from results; nothing here computes a result."""
