"""The five inserts of a registration in bare SQL over 16 connections; prints them per second."""

import multiprocessing
import os
import sys
import time

import psycopg

SECONDS = 4.0
CONNECTIONS = 16
TABLES = """
CREATE SCHEMA IF NOT EXISTS raw_sql;
CREATE TABLE IF NOT EXISTS raw_sql.request (id bigserial PRIMARY KEY, code text UNIQUE,
  applicant text, service int, state text, made_at timestamptz DEFAULT now());
CREATE TABLE IF NOT EXISTS raw_sql.stage (id bigserial PRIMARY KEY,
  request_id bigint REFERENCES raw_sql.request, name text, entered_at timestamptz DEFAULT now());
CREATE TABLE IF NOT EXISTS raw_sql.charge (id bigserial PRIMARY KEY,
  request_id bigint REFERENCES raw_sql.request, amount bigint);
CREATE TABLE IF NOT EXISTS raw_sql.payment (id bigserial PRIMARY KEY,
  charge_id bigint REFERENCES raw_sql.charge, amount bigint);
CREATE TABLE IF NOT EXISTS raw_sql.event (id bigserial PRIMARY KEY,
  request_id bigint REFERENCES raw_sql.request, kind text, at timestamptz DEFAULT now());
"""
ONE = """
WITH r AS (INSERT INTO raw_sql.request (code, applicant, service, state)
  VALUES (gen_random_uuid()::text, 'a', 1, 'registered') RETURNING id),
s AS (INSERT INTO raw_sql.stage (request_id, name) SELECT id, 'check' FROM r),
c AS (INSERT INTO raw_sql.charge (request_id, amount) SELECT id, 40000 FROM r RETURNING id),
p AS (INSERT INTO raw_sql.payment (charge_id, amount) SELECT id, 40000 FROM c)
INSERT INTO raw_sql.event (request_id, kind) SELECT id, 'registered' FROM r
"""


def _work(url: str, counted: "multiprocessing.Queue[int]") -> None:
    connections = [psycopg.connect(url, autocommit=True) for _ in range(CONNECTIONS // 2)]
    until = time.perf_counter() + SECONDS
    done = 0
    while time.perf_counter() < until:
        for connection in connections:
            connection.execute(ONE)
            done += 1
    counted.put(done)


def main() -> None:
    """Run two processes for a few seconds."""
    url = os.environ["DATABASE_OWNER_URL"]
    with psycopg.connect(url, autocommit=True) as db:
        db.execute(TABLES)
    counted: multiprocessing.Queue[int] = multiprocessing.Queue()
    workers = [multiprocessing.Process(target=_work, args=(url, counted)) for _ in range(2)]
    for worker in workers:
        worker.start()
    done = sum(counted.get() for _ in workers)
    for worker in workers:
        worker.join()
    sys.stdout.write(str(done / SECONDS))


if __name__ == "__main__":
    main()
