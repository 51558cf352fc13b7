import os

import psycopg


def test_the_tests_have_a_database_of_their_own(database_url: str) -> None:
    assert database_url == os.environ["DATABASE_URL"]
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT 1").fetchall() == [(1,)]
