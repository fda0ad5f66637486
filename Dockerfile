# One image for every part of I Done This: `up`, `web`, `ingest`, `work`, `beat` (docs/scaling-out.md).
FROM python:3.13-slim

RUN useradd --create-home --home-dir /data --uid 1815 idonethis
WORKDIR /app
COPY requirements-scale.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements-scale.lock
COPY . .
RUN pip install --no-cache-dir --no-deps --no-build-isolation .

USER idonethis
ENV IDONETHIS_DATA=/data HOST=0.0.0.0 PORT=8000
VOLUME /data
EXPOSE 8000
# Whether it answers at all; whether it can do its work is asked by whoever sends it requests.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["python", "-c", \
    "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
# Everything in one process needs nothing else.
ENTRYPOINT ["idonethis"]
CMD ["up"]
