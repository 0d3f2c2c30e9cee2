"""The site where tickets are bought and where the admin looks at traces."""
