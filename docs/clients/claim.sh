#!/usr/bin/env bash
# Claims a coupon with curl: claim.sh URL COUPON USER [KEY]
# Prints the final answer. Exit code: 0 issued, 1 rejected, 2 the request is wrong, 3 no final answer in time.
set -euo pipefail
url=${1%/} coupon=$2 user=$3
# The key is chosen once. Every repetition sends the same key, so the claim is decided once.
key=${4:-$(cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen)}
deadline=$((SECONDS + ${CLAIM_SECONDS:-60}))
headers=$(mktemp) body=$(mktemp)
trap 'rm -f "$headers" "$body"' EXIT

# Sends one request and sets `status`: the HTTP status, or 000 when no answer came.
send() {
  : >"$headers" >"$body"
  status=$(curl -s -m 20 -H 'Prefer: wait=10' -D "$headers" -o "$body" -w '%{http_code}' "$@") || status=000
}

# A user id consists of characters that JSON does not escape.
claim() {
  send "$url/v1/coupons/$coupon/issues" -H "Idempotency-Key: $key" -H 'Content-Type: application/json' -d "{\"userId\":\"$user\"}"
}

header() { tr -d '\r' <"$headers" | sed -n "s/^$1: *//Ip" | tail -n 1; }

finish() {
  cat "$body"
  echo
  exit "$1"
}

location=
while ((SECONDS < deadline)); do
  if [[ -n $location ]]; then send "$url$location"; else claim; fi
  case $status in
    200)
      grep -q '"status":"ISSUED"' "$body" && finish 0
      grep -q '"status":"PENDING"' "$body" || finish 1 # REJECTED or REVOKED
      ;;
    201) finish 0 ;;
    202) location=$(header Location) ;;
    409 | 410) finish 1 ;;
    404) [[ -n $location ]] || finish 2; location= ;; # The request is no longer known: claim again under the same key.
    000 | 408 | 429 | 500 | 503) ;;
    *) finish 2 ;;
  esac
  pause=$(header Retry-After)
  [[ $pause =~ ^[0-9]+$ ]] || pause=1
  sleep "$pause"
done
echo "no final answer yet; run again with the key $key" >&2
exit 3
