import Testing

@Suite("Numbers of the migrations")
struct MigrationTests {
  @Test("start at 0000 and have no gap")
  func numbers() throws {
    let names = try Repository.names(in: "Sources/ClinicServer/Migrations")
    for (number, name) in names.enumerated() {
      let match = try #require(name.wholeMatch(of: #/(\d{4})_[a-z0-9_]+\.sql/#), "\(name)")
      #expect(Int(match.1) == number, "\(name)")
    }
  }

  @Test("each is applied: the list of the server names all")
  func applied() throws {
    let list = try Repository.text("Sources/ClinicServer/Server/Migrations.swift")
    for name in try Repository.names(in: "Sources/ClinicServer/Migrations") {
      let resource = name.dropFirst().replacing(".", with: "_")
      #expect(list.contains("PackageResources._\(resource)"), "\(name)")
    }
  }

  @Test("every tenant table of a migration is protected in the same file")
  func protection() throws {
    let folder = "Sources/ClinicServer/Migrations"
    for name in try Repository.names(in: folder) {
      let text = try Repository.text("\(folder)/\(name)")
      for table in text.matches(of: #/create table (\w+) \((?<columns>[^;]*)\);/#)
      where table.output.columns.contains(#/company_id uuid not null/#) {
        #expect(text.contains("protect('\(table.output.1)'"), "\(name): \(table.output.1)")
      }
    }
  }
}
