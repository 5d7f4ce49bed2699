import SwiftProtobufPluginLibrary

/// Emits one method of a client.
struct ClientMethodRenderer {
  private let method: MethodModel
  private let descriptor: String
  private let access: String

  init(_ method: MethodModel, serviceType: String, access: String) {
    self.method = method
    self.access = access
    descriptor = "\(serviceType).Methods.\(method.handlerName)"
  }

  func print(to printer: inout CodePrinter) {
    switch method.kind {
    case .unary: printUnary(to: &printer)
    case .serverStreaming: printServerStreaming(to: &printer)
    case .clientStreaming: printClientStreaming(to: &printer)
    case .bidirectional: printBidirectional(to: &printer)
    }
  }

  private func printUnary(to printer: inout CodePrinter) {
    printer.printLines("\(access) func \(method.clientName)(")
    printer.withIndentation {
      $0.printLines("_ request: \(method.requestType),", "options: CallOptions = CallOptions()")
    }
    printer.printBlock(") async throws -> \(method.responseType) {") {
      $0.printLines("try await channel.unary(\(descriptor), request, options: options)")
    }
  }

  private func printServerStreaming(to printer: inout CodePrinter) {
    printer.printLines("\(access) func \(method.clientName)<Result>(")
    printer.withIndentation {
      $0.printLines(
        "_ request: \(method.requestType),",
        "options: CallOptions = CallOptions(),",
        "_ body: (ResponseStream<\(method.responseType)>) async throws -> Result")
    }
    printer.printBlock(") async throws -> Result {") {
      $0.printLines(
        "try await channel.serverStreaming(\(descriptor), request, options: options, body)")
    }
  }

  private func printClientStreaming(to printer: inout CodePrinter) {
    printer.printLines("\(access) func \(method.clientName)(")
    printer.withIndentation {
      $0.printLines(
        "options: CallOptions = CallOptions(),",
        "_ write: (RequestWriter<\(method.requestType)>) async throws -> Void")
    }
    printer.printBlock(") async throws -> \(method.responseType) {") {
      $0.printLines("try await channel.clientStreaming(\(descriptor), options: options, write)")
    }
  }

  private func printBidirectional(to printer: inout CodePrinter) {
    printer.printLines("\(access) func \(method.clientName)<Result>(")
    printer.withIndentation {
      $0.printLines(
        "options: CallOptions = CallOptions(),",
        "_ body: (",
        "  RequestWriter<\(method.requestType)>,",
        "  ResponseStream<\(method.responseType)>",
        ") async throws -> Result")
    }
    printer.printBlock(") async throws -> Result {") {
      $0.printLines("try await channel.bidirectional(\(descriptor), options: options, body)")
    }
  }
}

extension CodePrinter {
  /// Prints the attribute of a declaration that the contract calls deprecated.
  mutating func printDeprecation(_ isDeprecated: Bool) {
    if isDeprecated { printLines("@available(*, deprecated)") }
  }
}
