"""Statistics as pure functions of arrays; nothing here knows a disease."""
