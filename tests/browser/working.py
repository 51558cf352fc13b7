"""A worker, as `python -m tests.browser.working` runs it in tests."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

if __name__ == "__main__":
    django.setup()
    from seamark.site import jobs
    from seamark.site.worker import Worker

    jobs.HEARTBEAT_SECONDS, jobs.DEAD_AFTER_SECONDS = 0.5, 3.0
    Worker().run()
