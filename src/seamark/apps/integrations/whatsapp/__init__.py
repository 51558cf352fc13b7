"""WhatsApp's Cloud API, in and out. Names of the platform's fields are its own."""
