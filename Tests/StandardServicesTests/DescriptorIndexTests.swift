import ClinicContracts
import RPCCore
import Testing

@testable import StandardServices

@Suite("Descriptor index")
struct DescriptorIndexTests {
  private static func index() throws -> DescriptorIndex {
    DescriptorIndex(
      descriptorSet: try #require(Base64.bytes(of: ClinicContracts.descriptorSet)))
  }

  private static func name(of descriptor: [UInt8]?) -> String? {
    descriptor.map { DescriptorFields($0[...]).text(1) }
  }

  @Test(
    "finds the file that declares a symbol",
    arguments: [
      ("clinic.v1.PatientService", "clinic/v1/patient.proto"),
      ("clinic.v1.PatientService.GetPatient", "clinic/v1/patient.proto"),
      ("clinic.v1.Patient", "clinic/v1/patient.proto"),
      ("clinic.v1.Patient.patient_id", "clinic/v1/patient.proto"),
      ("clinic.v1.SEX_FEMALE", "clinic/v1/patient.proto"),
      ("clinic.options.v1.method", "clinic/options/v1/options.proto"),
      ("grpc.health.v1.HealthCheckResponse.ServingStatus", "grpc/health/v1/health.proto"),
      ("google.protobuf.Timestamp", "google/protobuf/timestamp.proto")
    ])
  func symbols(symbol: String, file: String) throws {
    #expect(Self.name(of: try Self.index().file(declaring: symbol)?.first) == file)
  }

  @Test("gives with a file everything that it imports, each once")
  func imports() throws {
    let files = try #require(try Self.index().file("clinic/v1/patient.proto"))
    let names = files.compactMap { Self.name(of: $0) }
    #expect(Set(names).count == names.count)
    #expect(names.contains("clinic/options/v1/options.proto"))
    #expect(names.contains("google/protobuf/descriptor.proto"))
  }

  @Test("knows the extensions of the contracts' options")
  func extensions() throws {
    let index = try Self.index()
    let numbers = try #require(index.extensionNumbers(of: "google.protobuf.MethodOptions"))
    let number = try #require(numbers.first)
    let file = index.file(extending: "google.protobuf.MethodOptions", number: number)
    #expect(Self.name(of: file?.first) == "clinic/options/v1/options.proto")
    #expect(index.extensionNumbers(of: "clinic.v1.Patient") == [])
  }

  @Test("does not know what is not there", arguments: ["", "clinic", "clinic.v1.Nothing", "."])
  func unknown(symbol: String) throws {
    let index = try Self.index()
    #expect(index.file(symbol) == nil)
    #expect(index.file(declaring: symbol) == nil)
    #expect(index.extensionNumbers(of: symbol) == nil)
  }

  @Test("survives a descriptor set that is cut anywhere")
  func cut() throws {
    let bytes = try #require(Base64.bytes(of: ClinicContracts.descriptorSet)).prefix(4_096)
    for end in 0..<bytes.count {
      let index = DescriptorIndex(descriptorSet: Array(bytes.prefix(end)))
      #expect(index.file(declaring: "clinic.v1.Nothing") == nil)
    }
  }
}
