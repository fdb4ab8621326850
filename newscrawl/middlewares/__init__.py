"""How we ask: address guard, robots.txt, redirects, politeness. One class a file."""
