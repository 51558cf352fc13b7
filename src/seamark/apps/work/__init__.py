"""Long work that members set going: with progress, a result, and a way to stop it."""
