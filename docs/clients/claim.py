#!/usr/bin/env python3
"""Claims a coupon with the standard library: claim.py URL COUPON USER [KEY]

Prints the final answer. Exit code: 0 issued, 1 rejected, 2 the request is wrong, 3 no final answer in time.
"""
import http.client
import json
import os
import sys
import time
import urllib.parse
import urllib.request
import uuid

REPEAT = {408, 429, 500, 503}


class KeepErrors(urllib.request.HTTPErrorProcessor):
    """Returns answers with a status from 400 on like any other, instead of raising an exception."""

    def http_response(self, request, response):
        return response

    https_response = http_response


OPENER = urllib.request.build_opener(KeepErrors)


def send(url, body=None, **headers):
    """Sends one request. Returns status, headers and body, or status 0 when no answer came."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request(url, data, {"Prefer": "wait=10", "Content-Type": "application/json", **headers})
    try:
        with OPENER.open(request, timeout=20) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except (OSError, http.client.HTTPException):
        return 0, {}, ""


def claim(url, coupon, user, key, seconds):
    """Returns the exit code and the final answer."""
    claims = f"{url}/v1/coupons/{urllib.parse.quote(coupon)}/issues"
    location = None
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if location:
            status, headers, text = send(location)
        else:
            # Every repetition sends the same key, so the claim is decided once.
            status, headers, text = send(claims, {"userId": user}, Idempotency_Key=key)
        if status == 201:
            return 0, text
        if status == 200:
            decision = json.loads(text)["status"]
            if decision != "PENDING":
                return (0 if decision == "ISSUED" else 1), text
        elif status == 202:
            location = urllib.parse.urljoin(claims, headers["Location"])
        elif status in (409, 410):
            return 1, text
        elif status == 404 and location:
            location = None  # The request is no longer known: claim again under the same key.
        elif status not in REPEAT and status != 0:
            return 2, text
        pause = headers.get("Retry-After", "1")
        time.sleep(int(pause) if pause.isdigit() else 1)
    return 3, f"no final answer yet; run again with the key {key}"


def main():
    url, coupon, user, *rest = sys.argv[1:]
    # The key is chosen once, before the first attempt.
    key = rest[0] if rest else str(uuid.uuid4())
    code, text = claim(url.rstrip("/"), coupon, user, key, float(os.environ.get("CLAIM_SECONDS", 60)))
    print(text, file=sys.stderr if code == 3 else sys.stdout)
    sys.exit(code)


if __name__ == "__main__":
    main()
