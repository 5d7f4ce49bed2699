"""gRPC's interoperability cases (doc/interop-test-descriptions.md of grpc/grpc), with stock grpcio.

    interop.py HOST:PORT CA_FILE STUBS

STUBS is the folder of what grpcio-tools makes of Tests/Fixtures/Proto/grpc/testing; the server is
InteropServer. Prints a line for each case and exits with 1 where one fails.
"""

import os
import queue
import sys
import traceback

import grpc

# The stubs are in the package `grpc` too, whose folder is not theirs.
grpc.__path__.append(os.path.join(sys.argv[3], "grpc"))

from grpc.testing import empty_pb2, messages_pb2, test_pb2_grpc

REQUEST_SIZES = (27182, 8, 1828, 45904)
RESPONSE_SIZES = (31415, 9, 2653, 58979)
INITIAL = "x-grpc-test-echo-initial"
TRAILING = "x-grpc-test-echo-trailing-bin"


def payload(size):
    return messages_pb2.Payload(body=bytes(size))


def output_request(*sizes, request_size=0, **more):
    return messages_pb2.StreamingOutputCallRequest(
        response_parameters=[messages_pb2.ResponseParameters(size=s) for s in sizes],
        payload=payload(request_size), **more)


class Requests:
    """Requests of a stream, given one after another."""

    def __init__(self):
        self.waiting = queue.Queue()

    def __iter__(self):
        return iter(self.waiting.get, None)

    def send(self, request):
        self.waiting.put(request)

    def close(self):
        self.waiting.put(None)


def expect(condition, *facts):
    if not condition:
        raise AssertionError(facts)


def expect_error(code, call, message=None):
    try:
        result = call()
    except grpc.RpcError as error:
        expect(error.code() is code, error.code(), error.details())
        expect(message is None or error.details() == message, error.details())
        return error
    raise AssertionError(("no error", result))


def empty_unary(stub):
    expect(stub.EmptyCall(empty_pb2.Empty()) == empty_pb2.Empty())


def large_unary(stub):
    reply = stub.UnaryCall(
        messages_pb2.SimpleRequest(response_size=314159, payload=payload(271828)))
    expect(reply.payload.body == bytes(314159), len(reply.payload.body))


def client_compressed_unary(stub):
    request = messages_pb2.SimpleRequest(
        expect_compressed=messages_pb2.BoolValue(value=True), response_size=314159,
        payload=payload(271828))
    expect_error(grpc.StatusCode.INVALID_ARGUMENT, lambda: stub.UnaryCall(request))
    reply = stub.UnaryCall(request, compression=grpc.Compression.Gzip)
    expect(len(reply.payload.body) == 314159)
    request.expect_compressed.value = False
    expect(len(stub.UnaryCall(request).payload.body) == 314159)


def server_compressed_unary(stub):
    for compressed in (True, False):
        reply = stub.UnaryCall(
            messages_pb2.SimpleRequest(
                response_compressed=messages_pb2.BoolValue(value=compressed),
                response_size=314159, payload=payload(271828)))
        expect(reply.payload.body == bytes(314159))


def client_streaming(stub):
    reply = stub.StreamingInputCall(
        messages_pb2.StreamingInputCallRequest(payload=payload(s)) for s in REQUEST_SIZES)
    expect(reply.aggregated_payload_size == 74922, reply.aggregated_payload_size)


def client_compressed_streaming(stub):
    def request(expected, size):
        return messages_pb2.StreamingInputCallRequest(
            expect_compressed=messages_pb2.BoolValue(value=expected), payload=payload(size))

    expect_error(
        grpc.StatusCode.INVALID_ARGUMENT,
        lambda: stub.StreamingInputCall(iter([request(True, 27182)])))
    reply = stub.StreamingInputCall(
        iter([request(True, 27182), request(True, 45904)]), compression=grpc.Compression.Gzip)
    expect(reply.aggregated_payload_size == 73086)


def server_streaming(stub):
    sizes = [len(r.payload.body) for r in stub.StreamingOutputCall(output_request(*RESPONSE_SIZES))]
    expect(sizes == list(RESPONSE_SIZES), sizes)


def server_compressed_streaming(stub):
    request = output_request(31415, 92653)
    request.response_parameters[0].compressed.value = True
    request.response_parameters[1].compressed.value = False
    sizes = [len(r.payload.body) for r in stub.StreamingOutputCall(request)]
    expect(sizes == [31415, 92653], sizes)


def ping_pong(stub):
    requests = Requests()
    replies = stub.FullDuplexCall(iter(requests))
    for request_size, response_size in zip(REQUEST_SIZES, RESPONSE_SIZES):
        requests.send(output_request(response_size, request_size=request_size))
        expect(len(next(replies).payload.body) == response_size)
    requests.close()
    expect(list(replies) == [])
    expect(replies.code() is grpc.StatusCode.OK)


def empty_stream(stub):
    expect(list(stub.FullDuplexCall(iter([]))) == [])


def cancel_after_begin(stub):
    requests = Requests()
    call = stub.StreamingInputCall.future(iter(requests))
    call.cancel()
    expect(call.cancelled() and call.code() is grpc.StatusCode.CANCELLED, call.code())
    requests.close()


def cancel_after_first_response(stub):
    requests = Requests()
    replies = stub.FullDuplexCall(iter(requests))
    requests.send(output_request(31415, request_size=27182))
    next(replies)
    replies.cancel()
    expect_error(grpc.StatusCode.CANCELLED, lambda: next(replies))
    requests.close()


def timeout_on_sleeping_server(stub):
    requests = Requests()
    replies = stub.FullDuplexCall(iter(requests), timeout=0.001)
    requests.send(output_request(request_size=27182))
    expect_error(grpc.StatusCode.DEADLINE_EXCEEDED, lambda: next(replies))
    requests.close()


def end_with_status(stub, message):
    status = messages_pb2.EchoStatus(code=2, message=message)
    expect_error(
        grpc.StatusCode.UNKNOWN,
        lambda: stub.UnaryCall(messages_pb2.SimpleRequest(response_status=status)), message)
    expect_error(
        grpc.StatusCode.UNKNOWN,
        lambda: list(stub.FullDuplexCall(iter([output_request(response_status=status)]))), message)


def status_code_and_message(stub):
    end_with_status(stub, "test status message")


def special_status_message(stub):
    end_with_status(stub, "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n")


def unimplemented_method(stub):
    expect_error(
        grpc.StatusCode.UNIMPLEMENTED, lambda: stub.UnimplementedCall(empty_pb2.Empty()))


def unimplemented_service(stub):
    call = stub.channel.unary_unary(
        "/grpc.testing.UnimplementedService/UnimplementedCall",
        request_serializer=empty_pb2.Empty.SerializeToString,
        response_deserializer=empty_pb2.Empty.FromString)
    expect_error(grpc.StatusCode.UNIMPLEMENTED, lambda: call(empty_pb2.Empty()))


def custom_metadata(stub):
    metadata = ((INITIAL, "test_initial_metadata_value"), (TRAILING, b"\x0a\x0b\x0a\x0b\x0a\x0b"))

    def check(call):
        expect((INITIAL, metadata[0][1]) in call.initial_metadata(), call.initial_metadata())
        expect((TRAILING, metadata[1][1]) in call.trailing_metadata(), call.trailing_metadata())

    _, call = stub.UnaryCall.with_call(
        messages_pb2.SimpleRequest(response_size=314159, payload=payload(271828)),
        metadata=metadata)
    check(call)
    replies = stub.FullDuplexCall(
        iter([output_request(31415, request_size=27182)]), metadata=metadata)
    expect(len(list(replies)) == 1)
    check(replies)


CASES = [
    empty_unary, large_unary, client_compressed_unary, server_compressed_unary, client_streaming,
    client_compressed_streaming, server_streaming, server_compressed_streaming, ping_pong,
    empty_stream, cancel_after_begin, cancel_after_first_response, timeout_on_sleeping_server,
    status_code_and_message, special_status_message, unimplemented_method, unimplemented_service,
    custom_metadata,
]


def main(target, ca_file, _):
    with open(ca_file, "rb") as file:
        credentials = grpc.ssl_channel_credentials(file.read())
    failed = 0
    with grpc.secure_channel(target, credentials) as channel:
        stub = test_pb2_grpc.TestServiceStub(channel)
        stub.channel = channel
        for case in CASES:
            try:
                case(stub)
                print("passed", case.__name__)
            except Exception:
                failed += 1
                print("FAILED", case.__name__)
                traceback.print_exc(file=sys.stdout)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
