"""What contacts' fields hold is searched in one index with whose the contacts are (`field_marks`)."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

from seamark.apps.contacts.field_marks import KnownBy

FUNCTIONS = r"""
CREATE FUNCTION contacts_text_marks(name text, said text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN CASE WHEN length(said) > 1000 OR said ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}' THEN ARRAY[name || '~*'] ELSE ARRAY(
    SELECT DISTINCT name || '~' || piece
    FROM (SELECT upper(said) AS line) lines
    CROSS JOIN LATERAL generate_series(1, length(line)) AS place
    CROSS JOIN LATERAL (VALUES (substr(line, place, 2)), (substr(line, place, 1))) AS pieces (piece)
    WHERE length(piece) = 2 OR piece COLLATE "C" > '~'
) END;

CREATE FUNCTION contacts_figure_marks(name text, said text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN said ~ '^-?[0-9]+(\.[0-9]+)?$' THEN ARRAY(
    SELECT DISTINCT name || '#' || CASE WHEN said LIKE '-%' THEN '-' ELSE '' END
        || least(length(figure), 41) || ':' || left(figure, place)
    FROM (SELECT coalesce(nullif(ltrim(split_part(ltrim(said, '-'), '.', 1), '0'), ''), '0') AS figure) figures
    CROSS JOIN generate_series(0, 3) AS place
) ELSE '{}' END;

CREATE FUNCTION contacts_day_marks(name text, said text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN CASE WHEN said ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}' THEN ARRAY(
    SELECT name || '@' || left(replace(left(said, 10), '-', ''), place) FROM unnest(ARRAY[0, 2, 4, 6, 8]) AS place
) ELSE ARRAY[name || '@*'] END;

CREATE FUNCTION contacts_field_marks(name text, value jsonb) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN CASE jsonb_typeof(value)
    WHEN 'null' THEN '{}'
    WHEN 'array' THEN ARRAY[name || '~*', name || '@*']
        || ARRAY(SELECT DISTINCT name || '=' || left(each, 100) FROM jsonb_array_elements_text(
            CASE jsonb_typeof(value) WHEN 'array' THEN value ELSE '[]' END) AS each WHERE each IS NOT NULL)
    WHEN 'object' THEN ARRAY[name || '~*', name || '@*']
        || contacts_figure_marks(name || '.low', value ->> 'low')
        || contacts_figure_marks(name || '.high', value ->> 'high')
    WHEN 'string' THEN ARRAY[name || '=' || left(value #>> '{}', 100)]
        || contacts_figure_marks(name, value #>> '{}')
        || contacts_day_marks(name, value #>> '{}')
        || contacts_text_marks(name, value #>> '{}')
    ELSE ARRAY[name || '~*', name || '@*'] || contacts_figure_marks(name, value #>> '{}')
END;

CREATE FUNCTION contacts_known_by(fields jsonb, team bigint, owner bigint) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 10000
RETURN ARRAY(
    SELECT mark
    FROM jsonb_each(CASE jsonb_typeof(fields) WHEN 'object' THEN fields ELSE '{}' END) AS field (name, value)
    CROSS JOIN LATERAL unnest(contacts_field_marks(name, value)) AS mark
) || ('team ' || team::text)
  || CASE WHEN owner IS NULL THEN 'sea ' || team::text ELSE 'owner ' || owner::text END;
"""

GONE = """
DROP FUNCTION contacts_known_by;
DROP FUNCTION contacts_field_marks;
DROP FUNCTION contacts_day_marks;
DROP FUNCTION contacts_figure_marks;
DROP FUNCTION contacts_text_marks;
"""


class Migration(migrations.Migration):
    dependencies = [("contacts", "0009_threes_of_digits")]

    operations = [
        migrations.RunSQL([FUNCTIONS], [GONE]),
        migrations.AddIndex("contact", GinIndex(KnownBy("fields", "team", "owner"), name="contact_known_by")),
        migrations.RemoveIndex("contact", "contact_fields"),  # last: it locks out readers, too
    ]
