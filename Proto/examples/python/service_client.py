"""A program that calls Clinic RPC with an API key, with what grpcio-tools generates from Proto/.

    CLINIC_API_KEY=crk1_… PYTHONPATH=stubs venv/bin/python service_client.py HOST:PORT CA [CERT KEY]

CA is the file of the authority that the server's certificate comes from; CERT and KEY are the files
of the client certificate, where the service account is bound to one. grpc_client.py says how to make
the stubs, and how people log in.
"""

import os
import sys
import time

import grpc

from clinic.v1 import auth_pb2, auth_pb2_grpc, patient_pb2, patient_pb2_grpc


class ClientCredentials(grpc.AuthMetadataPlugin):
    """Trades the key for a token (RFC 6749 §4.4) when there is none with half a minute left.

    The key may go with every call in the place of a token. This way it leaves the program once in
    ten minutes, and what goes with the calls can do no more than they need.
    """

    def __init__(self, auth, key, scope=""):
        self.auth = auth
        self.request = auth_pb2.IssueTokenRequest(
            grant_type="client_credentials", client_secret=key, scope=scope)
        self.token, self.expires = "", 0.0

    def __call__(self, context, callback):
        if self.expires < time.monotonic() + 30:
            reply = self.auth.IssueToken(self.request, timeout=10)
            self.token, self.expires = reply.access_token, time.monotonic() + reply.expires_in
        callback((("authorization", "Bearer " + self.token),), None)


def refusal(call, *arguments, **options):
    """How a call fails: the code and the sentence."""
    try:
        call(*arguments, timeout=10, **options)
    except grpc.RpcError as error:
        return f"{error.code().name}: {error.details()}"
    return "OK"


def main(target, ca_file, certificate_file=None, key_file=None):
    def read(path):
        with open(path, "rb") as file:
            return file.read()

    key = os.environ["CLINIC_API_KEY"]
    tls = grpc.ssl_channel_credentials(
        read(ca_file), key_file and read(key_file), certificate_file and read(certificate_file))
    with grpc.secure_channel(target, tls) as public:
        auth = auth_pb2_grpc.AuthServiceStub(public)

        # The key itself with a call.
        caller = auth.GetCaller(
            auth_pb2.GetCallerRequest(), timeout=10,
            metadata=(("authorization", "Bearer " + key),))
        print(f"called by {caller.service_account.name} with the key {caller.api_key.name}")
        print(f"which may {' '.join(caller.permissions)}")

        # A token for the key, with less than the key may do.
        credentials = grpc.composite_channel_credentials(
            tls, grpc.metadata_call_credentials(ClientCredentials(auth, key, "patients.read")))
        with grpc.secure_channel(target, credentials) as channel:
            patients = patient_pb2_grpc.PatientServiceStub(channel)
            page = patients.ListPatients(
                patient_pb2.ListPatientsRequest(page_size=3), timeout=10)
            print(f"listed {len(page.patients)} patients with a token")
            patient = patient_pb2.Patient(name=patient_pb2.PersonName(family="Example"))
            request = patient_pb2.CreatePatientRequest(patient=patient, validate_only=True)
            print(f"creating one with it is {refusal(patients.CreatePatient, request)}")

        wrong = auth_pb2.IssueTokenRequest(client_secret=key[:-1] + "-")
        print(f"a wrong key is {refusal(auth.IssueToken, wrong)}")

    if certificate_file:
        with grpc.secure_channel(target, grpc.ssl_channel_credentials(read(ca_file))) as bare:
            request = auth_pb2.IssueTokenRequest(client_secret=key)
            issue = auth_pb2_grpc.AuthServiceStub(bare).IssueToken
            print(f"the key without the certificate is {refusal(issue, request)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
