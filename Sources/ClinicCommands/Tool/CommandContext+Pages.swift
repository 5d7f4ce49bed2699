extension CommandContext {
  /// Shows a page of a list, or all of them.
  ///
  /// - Parameters:
  ///   - csv: The columns of CSV.
  ///   - fetch: Returns the reply for a page token.
  func printPages(
    _ page: PageOptions, _ name: String, columns: [TableColumn], csv: CSVColumns,
    fetch: (_ pageToken: String) async throws -> JSONValue
  ) async throws {
    var token = page.pageToken ?? ""
    guard page.all else {
      let reply = try await fetch(token)
      try printer.printList(reply, name, columns: columns, csv: csv)
      if let next = reply["nextPageToken"]?.text, !next.isEmpty, printer.format == .table {
        try note("There is more: pass --all, or --page-token \(next)")
      }
      return
    }
    var list = printer.list(name, columns: columns, csv: csv)
    repeat {
      let reply = try await fetch(token)
      try list.add(reply[name]?.elements ?? [])
      token = reply["nextPageToken"]?.text ?? ""
    } while !token.isEmpty
    try list.finish()
  }
}
