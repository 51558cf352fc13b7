"""Members, teams, roles, and what each may do to whose contacts."""
