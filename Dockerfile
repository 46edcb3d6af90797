# Evenhand for production: one image for web, worker, beat and the commands.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN useradd --system --uid 10001 --create-home --home-dir /home/evenhand evenhand
# Letters for every name on a paper: what we bring has Latin, Greek, Cyrillic, Arabic and Hebrew ones.
RUN apt-get update && apt-get install --yes --no-install-recommends fonts-noto-core fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /srv/evenhand

# The packages first: they change less often than we do.
COPY requirements.txt ./
RUN pip install --require-hashes --only-binary :all: -r requirements.txt

COPY . .
# Static files get their names from their contents, once, here. The values are of use for nothing else.
RUN DEBUG=false SECRET_KEY=build SEALED_KEYS=build DATABASE_URL=postgres://build/build REDIS_URL=redis://build \
    STATIC_ROOT=/srv/evenhand/staticfiles python manage.py collectstatic --noinput

ENV STATIC_ROOT=/srv/evenhand/staticfiles LOCAL_DIR=/var/lib/evenhand BIND=0.0.0.0:8000
RUN mkdir /var/lib/evenhand && chown evenhand /var/lib/evenhand
USER evenhand
EXPOSE 8000
CMD ["gunicorn", "coop.wsgi"]
