// A service that uses the client needs the contracts' messages, the errors of calls and the
// message protocol: one import brings them all.
@_exported public import ClinicContracts
@_exported public import ProtobufRuntime
@_exported public import RPCCore
