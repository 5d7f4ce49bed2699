"""A worked client of Clinic RPC with what grpcio-tools generates from Proto/.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python -m grpc_tools.protoc -I PROTO --python_out=stubs --grpc_python_out=stubs \
        $(cd PROTO && find clinic -name '*.proto')
    CLINIC_PASSWORD=… PYTHONPATH=stubs venv/bin/python grpc_client.py HOST:PORT CA COMPANY EMAIL

CA is the file of the authority that the server's certificate comes from.
"""

import os
import sys
import time
import uuid

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from clinic.v1 import auth_pb2, auth_pb2_grpc, change_pb2, change_pb2_grpc, common_pb2
from clinic.v1 import patient_pb2, patient_pb2_grpc


class Bearer(grpc.AuthMetadataPlugin):
    """Puts the access token on every call, and renews it half a minute before it expires."""

    def __init__(self, auth):
        self.auth = auth
        self.credentials = None

    def login(self, company, email, password):
        reply = self.auth.Login(
            auth_pb2.LoginRequest(
                company=company, email=email, password=password, client_name="grpc_client.py"))
        self.credentials = reply.credentials
        return reply

    def __call__(self, context, callback):
        if self.credentials.access_token_expire_time.seconds < time.time() + 30:
            # Refresh tokens are good for one use: the reply holds the next one.
            self.credentials = self.auth.RefreshSession(
                auth_pb2.RefreshSessionRequest(refresh_token=self.credentials.refresh_token)
            ).credentials
        callback((("authorization", "Bearer " + self.credentials.access_token),), None)


def explain(error):
    """An error for people: code, message, and the typed details that machines read."""
    lines = [f"{error.code().name}: {error.details()}"]
    status = rpc_status.from_call(error)
    for detail in status.details if status else ():
        for kind in (error_details_pb2.BadRequest, error_details_pb2.ErrorInfo):
            if detail.Is(kind.DESCRIPTOR):
                message = kind()
                detail.Unpack(message)
                for violation in getattr(message, "field_violations", ()):
                    lines.append(f"  {violation.field}: {violation.description}")
                if kind is error_details_pb2.ErrorInfo:
                    lines.append(f"  reason {message.reason} {dict(message.metadata)}")
    return "\n".join(lines)


def all_patients(patients, page_size=100):
    """Every patient, page by page: ask with the token of the page before until there is none."""
    request = patient_pb2.ListPatientsRequest(page_size=page_size)
    while True:
        reply = patients.ListPatients(request, timeout=10)
        yield from reply.patients
        if not reply.next_page_token:
            return
        request.page_token = reply.next_page_token


def create_once(patients, patient):
    """Creates a patient exactly once: every attempt has the same request id."""
    request = patient_pb2.CreatePatientRequest(patient=patient, request_id=str(uuid.uuid4()))
    for attempt in range(5):
        try:
            return patients.CreatePatient(request, timeout=10).patient
        except grpc.RpcError as error:
            if error.code() is not grpc.StatusCode.UNAVAILABLE or attempt == 4:
                raise
            time.sleep(0.2 * 2**attempt)


def follow(changes, after, **chosen):
    """Every change after a place in the log, each once and in order.

    Whatever ends a stream, the next one goes on after the last reply that was dealt with. Who keeps
    that place with what came of the changes loses nothing when the program ends, either.
    """
    while True:
        request = change_pb2.WatchChangesRequest(
            after_sequence=after, filter=change_pb2.ChangeFilter(**chosen))
        try:
            for reply in changes.WatchChanges(request, timeout=600):
                yield from reply.changes
                after = reply.sequence
        except grpc.RpcError as error:
            if error.code() not in (
                    grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED):
                raise
            time.sleep(0.2)


def main(target, ca_file, company, email):
    with open(ca_file, "rb") as file:
        tls = grpc.ssl_channel_credentials(file.read())
    with grpc.secure_channel(target, tls) as public:
        bearer = Bearer(auth_pb2_grpc.AuthServiceStub(public))
        reply = bearer.login(company, email, os.environ["CLINIC_PASSWORD"])
        print(f"logged in to {reply.company.name}")

        credentials = grpc.composite_channel_credentials(
            tls, grpc.metadata_call_credentials(bearer))
        with grpc.secure_channel(target, credentials) as channel:
            patients = patient_pb2_grpc.PatientServiceStub(channel)

            created = create_once(
                patients,
                patient_pb2.Patient(
                    name=patient_pb2.PersonName(given="Ada", family="Example"),
                    birth_date=common_pb2.Date(year=1980, month=2, day=29)))
            print(f"created {created.patient_id}")

            # The etag of what was read keeps two editors from overwriting each other.
            created.language = "cy"
            update = patient_pb2.UpdatePatientRequest(
                patient_id=created.patient_id, patient=created, request_id=str(uuid.uuid4()))
            update.update_mask.paths.append("language")
            changed = patients.UpdatePatient(update, timeout=10).patient
            print(f"changed the language to {changed.language}")
            update.request_id = str(uuid.uuid4())
            try:
                patients.UpdatePatient(update, timeout=10)
            except grpc.RpcError as error:
                print(f"the same etag again is\n{explain(error)}")

            try:
                patients.CreatePatient(patient_pb2.CreatePatientRequest(), timeout=10)
            except grpc.RpcError as error:
                print(f"a patient without a name is\n{explain(error)}")

            print(f"listed {sum(1 for _ in all_patients(patients))} patients")

            changes = change_pb2_grpc.ChangeServiceStub(channel)
            for change in follow(changes, after=0, record_id=created.patient_id):
                print(f"followed {change.record_type} {change.action}, number {change.sequence}")
                if change.action == "updated":
                    break

            export = patients.ExportPatients(patient_pb2.ExportPatientsRequest(), timeout=60)
            print(f"exported {sum(len(part.patients) for part in export)} patients")


if __name__ == "__main__":
    main(*sys.argv[1:])
