@testable import ClinicCommands
import ProtobufRuntime
import RPCCore
import Testing

@Suite("Reports of failures")
struct ErrorReportTests {
  static func report(_ error: RPCError) -> ErrorReport {
    ErrorReport(CallFailure(error: error, profile: "demo", servers: ["a:1", "b:2"]))
  }

  @Test(
    "every code of a call has its status",
    arguments: [
      (RPCStatusCode.invalidArgument, CommandStatus.invalid), (.outOfRange, .invalid),
      (.deadlineExceeded, .timeout), (.notFound, .notFound), (.alreadyExists, .conflict),
      (.aborted, .conflict), (.failedPrecondition, .conflict),
      (.permissionDenied, .permissionDenied), (.unauthenticated, .unauthenticated),
      (.unavailable, .unavailable), (.resourceExhausted, .unavailable), (.internal, .serverFailure),
      (.unknown, .serverFailure), (.dataLoss, .serverFailure), (.unimplemented, .serverFailure),
      (.cancelled, .interrupted)
    ])
  func status(_ code: RPCStatusCode, _ status: CommandStatus) {
    #expect(Self.report(RPCError(code: code, message: "x")).status == status)
  }

  @Test("says what, then one line for each wrong field, then the request id")
  func violations() {
    var error = RPCError.invalidArgument(violations: [
      FieldViolation(
        field: "patient.name", reason: "REQUIRED", description: "must be set"),
      FieldViolation(
        field: "patient.birth_date", reason: "DATE", description: "must not be in the future")
    ])
    error.requestID = "0190"
    let text = Self.report(error).text(isColored: false)
    #expect(
      text == """
        Error: The request is invalid in 2 fields (INVALID_ARGUMENT)
          patient.name: must be set (REQUIRED)
          patient.birth_date: must not be in the future (DATE)
          request id: 0190

        """)
  }

  @Test("does not say the one wrong field twice")
  func oneViolation() {
    let error = RPCError.invalidArgument(
      field: "query", reason: "TOO_SHORT", description: "must have 2 characters")
    #expect(
      Self.report(error).lines == [
        "The request is invalid (INVALID_ARGUMENT)", "query: must have 2 characters (TOO_SHORT)"
      ])
  }

  @Test("hints at what to do")
  func hints() {
    #expect(
      Self.report(.unauthenticated("Expired")).hint == "run clinicctl login --profile demo")
    let password = RPCError.permissionDenied("No", reason: "PASSWORD_CHANGE_REQUIRED")
    #expect(Self.report(password).hint == "run clinicctl change-password --profile demo")
    #expect(
      Self.report(.resourceExhausted("Busy", retryAfter: .seconds(4))).hint
        == "try again in 5 seconds")
    #expect(Self.report(.notFound("No")).hint == nil)
  }

  @Test("what others wrote cannot steer the terminal")
  func controls() {
    let report = ErrorReport(
      status: .failure, lines: ["a\u{1B}[2Jb", "c\u{7}"], hint: "d\u{1B}]0;x")
    let text = report.text(isColored: false)
    #expect(!text.contains("\u{1B}"))
    #expect(!text.contains("\u{7}"))
  }

  @Test("colours only where it may")
  func color() {
    let report = ErrorReport(status: .failure, lines: ["x"], hint: "y")
    #expect(report.text(isColored: false) == "Error: x\nHint: y\n")
    #expect(
      report.text(isColored: true) == "\u{1B}[31mError:\u{1B}[0m x\n\u{1B}[36mHint:\u{1B}[0m y\n")
  }
}
