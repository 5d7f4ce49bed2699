import ContractCompiler
import SwiftProtobufPluginLibrary
import Testing

@Suite("What breaks the clients of an earlier contract")
struct PolicyComparisonTests {
  /// A contract in which a test changes one thing.
  static let contract = """
    syntax = "proto3";
    package test.v1;
    import "clinic/options/v1/options.proto";
    service BedService {
      rpc GetBed(GetBedRequest) returns (Bed) {
        option (clinic.options.v1.method) = {
          permission: "beds.read" audience: AUDIENCE_CLINIC audit: AUDIT_KIND_READ
          idempotency: IDEMPOTENCY_NO_SIDE_EFFECTS max_deadline_ms: 5000
        };
      }
      rpc MakeBed(MakeBedRequest) returns (Bed) {
        option (clinic.options.v1.method) = {
          permission: "beds.write" audience: AUDIENCE_STAFF audit: AUDIT_KIND_WRITE
          idempotency: IDEMPOTENCY_REQUEST_ID max_deadline_ms: 5000
        };
      }
    }
    message GetBedRequest { string bed_id = 1 [(clinic.options.v1.field) = {max_length: 40}]; }
    message MakeBedRequest {
      Bed bed = 1;
      map<string, Sheet> sheets = 2;
      repeated int32 sizes = 3 [(clinic.options.v1.field) = {minimum: 2, max_items: 8}];
    }
    message Bed {
      string name = 1 [(clinic.options.v1.field) = {pattern: "[a-z]+"}];
      string kind = 4 [(clinic.options.v1.field) = {pattern: "bunk|cot"}];
      string maker = 2 [(clinic.options.v1.field) = {output_only: true}];
      History history = 3 [(clinic.options.v1.field) = {output_only: true}];
    }
    message Sheet { string colour = 1 [(clinic.options.v1.field) = {format: FORMAT_LINE}]; }
    message History { string text = 1; }
    """

  /// What is replaced by what, and the finding.
  @Test(
    "are rules and rights that allow less, at their place",
    arguments: [
      (#"permission: "beds.read""#, #"permission: ["beds.read", "rooms.read"]"#, "rooms.read"),
      (#"permission: "beds.read""#, #"permission: "rooms.read""#, "asks for the permission"),
      ("audience: AUDIENCE_CLINIC", "audience: AUDIENCE_STAFF", "leaves out some of these"),
      ("IDEMPOTENCY_NO_SIDE_EFFECTS", "IDEMPOTENCY_REQUEST_ID", "takes effect twice"),
      ("IDEMPOTENCY_REQUEST_ID", "IDEMPOTENCY_NONE", "takes effect twice"),
      ("max_length: 40", "max_length: 39", "bed_id has a max_length of 39"),
      ("max_length: 40", "max_length: 40, min_length: 1", "bed_id has a min_length of 1"),
      ("max_length: 40", "max_length: 40, required: true", "bed_id is required"),
      ("minimum: 2", "minimum: 3", "sizes has a minimum of 3"),
      ("minimum: 2", "minimum: 2, maximum: 9", "sizes has a maximum of 9"),
      ("max_items: 8", "max_items: 7", "sizes has a max_items of 7"),
      ("max_items: 8", "max_items: 8, min_items: 1", "sizes has a min_items of 1"),
      ("[a-z]+", "[a-y]+", "name has the pattern [a-y]+"),
      ("bunk|cot", "bunk|crib", "kind has the pattern bunk|crib"),
      ("FORMAT_LINE", "FORMAT_SLUG", "colour has a slug format"),
      (
        #"{pattern: "[a-z]+"}"#, #"{pattern: "[a-z]+", output_only: true}"#,
        "name is set by the server now"
      ),
      (
        "string bed_id = 1",
        "string ward = 2 [(clinic.options.v1.field) = {required: true}]; "
          + "string bed_id = 1", "ward is required, but callers do not know it"
      )
    ])
  func breaking(old: String, new: String, finding: String) throws {
    let findings = try Self.findings(old, new)
    #expect(findings.count == 1, "\(findings)")
    let text = try #require(findings.first?.description)
    #expect(text.contains(finding), "\(text)")
    #expect(text.hasPrefix("test/v1/test.proto:"))
  }

  @Test(
    "are not rules and rights that allow as much or more",
    arguments: [
      (#"permission: "beds.read""#, #"permission: "self""#),
      ("audience: AUDIENCE_STAFF", "audience: AUDIENCE_CLINIC"),
      ("audience: AUDIENCE_CLINIC", "audience: AUDIENCE_PUBLIC"),
      ("IDEMPOTENCY_REQUEST_ID", "IDEMPOTENCY_NO_SIDE_EFFECTS"),
      ("max_length: 40", "max_length: 0"), ("minimum: 2, max_items: 8", "max_items: 9"),
      (#"{pattern: "[a-z]+"}"#, "{}"), ("FORMAT_LINE", "FORMAT_UNSPECIFIED"),
      // A list of words may grow.
      ("bunk|cot", "bunk|crib|cot"),
      // Only the server fills these in, and in replies a bound is a promise.
      (
        "message History { string text = 1; }",
        "message History { string text = 1 [(clinic.options.v1.field) = {max_length: 3}]; }"
      ),
      (
        "string bed_id = 1",
        "string ward = 2 [(clinic.options.v1.field) = {max_length: 9}]; "
          + "string bed_id = 1"
      )
    ])
  func allowed(old: String, new: String) throws {
    #expect(try Self.findings(old, new) == [])
  }

  private static func findings(_ old: String, _ new: String) throws -> [Diagnostic] {
    #expect(contract.contains(old))
    let changed = contract.replacing(old, with: new)
    return try PolicyComparison(
      from: DescriptorSet(proto: Protoc.describe(contract)),
      to: DescriptorSet(proto: Protoc.describe(changed))
    ).findings()
  }
}
