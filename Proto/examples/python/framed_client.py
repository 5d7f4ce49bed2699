"""A client of the framed protocol (PROTOCOL.md) in plain Python: ssl and protobuf, nothing else.

    protoc -I PROTO --python_out=stubs $(cd PROTO && find clinic -name '*.proto')
    CLINIC_PASSWORD=… PYTHONPATH=stubs python3 framed_client.py HOST:PORT CA COMPANY EMAIL

One call at a time on one connection, which is all that a script needs.
"""

import os
import socket
import ssl
import struct
import sys

from clinic.rpc.v1 import call_pb2, status_pb2
from clinic.v1 import auth_pb2, patient_pb2

CALL, MESSAGE, STATUS, CANCEL, CREDIT, PING, PONG, GOAWAY = range(1, 9)
END = 1
WINDOW = 262144  # §5: what each side of a call may send before it is granted more


class CallError(Exception):
    """How a call ended that went wrong: `status` is google.rpc.Status, whatever its name."""

    def __init__(self, ending):
        self.status = ending.status
        self.request_id = ending.request_id
        super().__init__(f"{status_pb2.Code.Name(ending.status.code)}: {ending.status.message}")


class Connection:
    def __init__(self, host, port, ca_file):
        context = ssl.create_default_context(cafile=ca_file)
        context.set_alpn_protocols(["clinic-rpc/1"])
        self.socket = context.wrap_socket(
            socket.create_connection((host, port), timeout=30), server_hostname=host)
        assert self.socket.selected_alpn_protocol() == "clinic-rpc/1"
        self.call_id = 0
        self.token = ""

    def send(self, kind, call_id, payload=b"", flags=0):
        """§2: length, kind, flags, two reserved bytes, call id; then the payload."""
        self.socket.sendall(
            struct.pack(">IBBHI", len(payload), kind, flags, 0, call_id) + payload)

    def read(self, count):
        data = bytearray()
        while len(data) < count:
            part = self.socket.recv(count - len(data))
            if not part:
                raise ConnectionError("the server closed the connection")
            data += part
        return bytes(data)

    def frames(self, call_id):
        """The frames of a call, in order. Those of the connection are dealt with here."""
        while True:
            length, kind, _, _, frame_call = struct.unpack(">IBBHI", self.read(12))
            payload = self.read(length)
            if kind == PING:
                self.send(PONG, 0, payload)
            elif kind == GOAWAY:
                farewell = call_pb2.GoAway.FromString(payload)
                if call_id > farewell.last_call_id:
                    raise ConnectionError(f"the server is going away: {farewell.message}")
            elif frame_call == call_id:
                yield kind, payload

    def call(self, method, request, reply_type, timeout=10):
        """Calls a method of one request, and yields its replies as they come."""
        self.call_id += 1
        call_id = self.call_id
        header = call_pb2.CallHeader(
            method=method, timeout_micros=int(timeout * 1e6), authorization=self.token)
        self.send(CALL, call_id, header.SerializeToString())
        self.send(MESSAGE, call_id, request.SerializeToString(), END)
        owed = 0
        for kind, payload in self.frames(call_id):
            if kind == STATUS:
                ending = call_pb2.CallStatus.FromString(payload)
                if ending.status.code:
                    raise CallError(ending)
                return
            if kind == MESSAGE:
                yield reply_type.FromString(payload)
                # §5: what was consumed is granted anew, half a window at a time.
                owed += 12 + len(payload)
                if owed >= WINDOW // 2:
                    self.send(CREDIT, call_id, struct.pack(">I", owed))
                    owed = 0

    def unary(self, method, request, reply_type, timeout=10):
        (reply,) = self.call(method, request, reply_type, timeout)
        return reply


def main(target, ca_file, company, email):
    host, port = target.rsplit(":", 1)
    connection = Connection(host, int(port), ca_file)
    reply = connection.unary(
        "clinic.v1.AuthService/Login",
        auth_pb2.LoginRequest(
            company=company, email=email, password=os.environ["CLINIC_PASSWORD"],
            client_name="framed_client.py"),
        auth_pb2.LoginResponse)
    connection.token = reply.credentials.access_token
    print(f"logged in to {reply.company.name}")

    page = connection.unary(
        "clinic.v1.PatientService/ListPatients",
        patient_pb2.ListPatientsRequest(page_size=3), patient_pb2.ListPatientsResponse)
    for patient in page.patients:
        print(f"patient {patient.record_number} {patient.name.family}")

    parts = connection.call(
        "clinic.v1.PatientService/ExportPatients",
        patient_pb2.ExportPatientsRequest(), patient_pb2.ExportPatientsResponse, timeout=60)
    print(f"exported {sum(len(part.patients) for part in parts)} patients")

    try:
        connection.unary(
            "clinic.v1.PatientService/GetPatient",
            patient_pb2.GetPatientRequest(patient_id="0190a7b2-1111-7000-8000-00000000000a"),
            patient_pb2.GetPatientResponse)
    except CallError as error:
        print(f"somebody else's patient is {error}")


if __name__ == "__main__":
    main(*sys.argv[1:])
