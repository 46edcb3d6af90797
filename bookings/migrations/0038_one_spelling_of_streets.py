from django.db import migrations

BEFORE = """
CREATE OR REPLACE FUNCTION bookings_street(street text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT array_to_string((regexp_split_to_array(
    trim(regexp_replace(lower(street), '[^[:alnum:]]+', ' ', 'g')), ' '))[1:2], ' ')
$$;
"""
HOUSE = r"""
CREATE OR REPLACE FUNCTION bookings_street(street text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT array_to_string(words[1:CASE WHEN words[2] IN ('n','s','e','w','ne','nw','se','sw') THEN 3 ELSE 2 END], ' ')
  FROM (
    SELECT array_agg(coalesce('{
      "north": "n", "south": "s", "east": "e", "west": "w",
      "northeast": "ne", "northwest": "nw", "southeast": "se", "southwest": "sw",
      "street": "st", "str": "st", "saint": "st", "avenue": "ave", "av": "ave", "boulevard": "blvd", "road": "rd",
      "drive": "dr", "lane": "ln", "court": "ct", "place": "pl", "square": "sq", "terrace": "ter", "parkway": "pkwy",
      "highway": "hwy", "route": "rte", "fort": "ft", "mount": "mt",
      "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
      "seven": "7", "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12",
      "first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6",
      "seventh": "7", "eighth": "8", "ninth": "9", "tenth": "10", "eleventh": "11", "twelfth": "12"
    }'::jsonb ->> word, word) ORDER BY place) AS words
    FROM regexp_split_to_table(
      regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
        normalize(lower(street), NFKD), '[\u0300-\u036f.''’]', '', 'g'),
        '^\W*#?\W*\m(apt|apartment|unit|suite|ste|apto)\M[^,]*,', ''),
        '^(\W*[0-9]+)-([0-9]+)', '\1\2'),
        '\m([0-9]+)(st|nd|rd|th)\M', '\1', 'g'),
        '[^[:alnum:]]+', ' ', 'g'),
        '^ +| +$', '', 'g'),
      ' ') WITH ORDINALITY AS found(word, place)
  ) spelled
$$;
"""
"""The same house however its street is written: number, direction and first word, in one spelling each."""
ANEW = "DROP INDEX homes_by_house"
INDEX = "CREATE INDEX homes_by_house ON bookings_home (zip_id, bookings_street(street))"


class Migration(migrations.Migration):
    dependencies = [("bookings", "0037_absences_and_words")]

    operations = [
        migrations.RunSQL(ANEW, INDEX),
        migrations.RunSQL(HOUSE, BEFORE),
        migrations.RunSQL(INDEX, ANEW),
    ]
