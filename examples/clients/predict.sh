#!/usr/bin/env bash
# Send two records and print the answer.
set -euo pipefail
cd "$(dirname "$0")"
curl --fail-with-body --silent --show-error "${PYTHIA_URL:-http://localhost:8080}/predict" \
  -H "Content-Type: application/json" -H "X-API-Key: ${API_KEY:-}" --data @flights.json
echo
