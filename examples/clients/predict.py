"""Send two records and print the answer."""

import json
import os
import pathlib

import requests

url = os.environ.get("PYTHIA_URL", "http://localhost:8080")
records = json.loads(pathlib.Path(__file__).with_name("flights.json").read_text())
answer = requests.post(f"{url}/predict", json=records, headers={"X-API-Key": os.environ.get("API_KEY", "")}, timeout=30)
if not answer.ok:
    raise SystemExit(f"{answer.status_code}: {answer.json()['error']} (request {answer.headers['X-Request-Id']})")
print(json.dumps(answer.json()))
