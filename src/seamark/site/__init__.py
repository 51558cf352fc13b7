"""The site: settings, urls, wiring, the processes, and the templates and styles that all pages share."""
