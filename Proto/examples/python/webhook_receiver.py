"""A receiver of Clinic RPC's webhooks, with nothing but Python's own library.

    WEBHOOK_SECRET=whsec_… python3 webhook_receiver.py PORT [CERTIFICATE KEY]

Prints a line for each change that it had not seen. A real one keeps what it remembers in its
database, in the transaction of what it does about a change.
"""

import base64
import hashlib
import hmac
import http.server
import json
import os
import ssl
import sys
import time


class WrongSignature(Exception):
    pass


def verify(secret, headers, body, now=None):
    """Raises WrongSignature unless a secret signed the body within the last five minutes."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    name, sent = headers["webhook-id"], headers["webhook-timestamp"]
    if abs((now or time.time()) - int(sent)) > 300:
        raise WrongSignature("too old, or from the future")
    message = f"{name}.{sent}.".encode() + body
    expected = base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()
    # More than one while secrets change over: any of them will do.
    for signature in headers["webhook-signature"].split(" "):
        version, _, value = signature.partition(",")
        if version == "v1" and hmac.compare_digest(value, expected):
            return
    raise WrongSignature("not signed with this secret")


class Receiver(http.server.BaseHTTPRequestHandler):
    secret = os.environ.get("WEBHOOK_SECRET", "")
    sequence = 0

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        try:
            verify(self.secret, self.headers, body)
        except (WrongSignature, KeyError, TypeError, ValueError) as error:
            print(f"refused: {error}", flush=True)
            return self.answer(400)
        event = json.loads(body)
        if event["type"] == "changes":
            self.take(event["data"])
        else:
            print(event["type"], flush=True)
        self.answer(204)

    def take(self, data):
        # 64-bit numbers are strings in proto3 JSON, and zero is left out.
        after, sequence = int(data.get("afterSequence", "0")), int(data["sequence"])
        if after > Receiver.sequence > 0:
            print(f"gap: nothing came of {Receiver.sequence + 1} to {after}", flush=True)
        for change in data["changes"]:
            # What is sent again was seen before.
            if int(change["sequence"]) > Receiver.sequence:
                print(
                    f"{change['sequence']} {change['recordType']} {change['recordId']} "
                    f"{change['action']}",
                    flush=True)
        Receiver.sequence = max(Receiver.sequence, sequence)

    def answer(self, status):
        self.send_response(status)
        self.end_headers()

    def log_message(self, *arguments):
        pass


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver)
    if len(sys.argv) > 3:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[2], sys.argv[3])
        server.socket = context.wrap_socket(server.socket, server_side=True)
    print(f"ready on 127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
