"""The marketing site: one page, traced in the browser only."""
