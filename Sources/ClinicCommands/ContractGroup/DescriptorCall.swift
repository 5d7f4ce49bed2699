internal import ProtobufRuntime
internal import RPCCore

/// A call of any kind by its descriptor, from and to JSON.
struct DescriptorCall {
  let method: MethodDescriptor
  let options: CallOptions
  let source: RequestSource
  let context: CommandContext

  /// Makes the call and shows its replies.
  func run<Request: Message, Response: Message>(
    _ channel: any RPCChannel, _ request: Request.Type, _ response: Response.Type
  ) async throws {
    switch method.kind {
    case .unary:
      let reply: Response = try await channel.unary(
        method, source.next(request) ?? Request(), options: options)
      try context.printer.print(reply.jsonValue())
    case .serverStreaming:
      try await channel.serverStreaming(
        method, source.next(request) ?? Request(), options: options
      ) { (replies: ResponseStream<Response>) in
        try await Self.show(replies, printer: context.printer)
      }
    case .clientStreaming:
      let reply: Response = try await channel.clientStreaming(method, options: options) {
        (writer: RequestWriter<Request>) in
        while let message = try source.next(request) { try await writer.write(message) }
      }
      try context.printer.print(reply.jsonValue())
    case .bidirectional:
      try await converse(channel, request, response)
    }
  }

  /// Sends and shows at the same time.
  private func converse<Request: Message, Response: Message>(
    _ channel: any RPCChannel, _ request: Request.Type, _ response: Response.Type
  ) async throws {
    let printer = context.printer
    try await channel.bidirectional(method, options: options) {
      (writer: RequestWriter<Request>, replies: ResponseStream<Response>) in
      async let shown: Void = Self.show(replies, printer: printer)
      while let message = try source.next(request) { try await writer.write(message) }
      writer.finish()
      try await shown
    }
  }

  private static func show<Response: Message>(
    _ replies: ResponseStream<Response>, printer: ReplyPrinter
  ) async throws {
    let csv = CSVColumns(of: Response.self)
    if printer.format == .csv { try printer.output.write(csv.heading) }
    var isFirst = true
    for try await reply in replies {
      switch printer.format {
      case .json, .yaml: try show(reply, printer: printer)
      case .csv: try printer.output.write(csv.row(reply.jsonValue()))
      case .table:
        // Records that follow each other are parted by a blank line.
        if !isFirst { try printer.output.write("\n") }
        try printer.print(reply.jsonValue())
      }
      isFirst = false
    }
  }

  /// Shows one reply of a stream: a line of JSON, or a YAML document.
  static func show(_ reply: some Message, printer: ReplyPrinter) throws {
    let json = try reply.jsonValue()
    if printer.format == .yaml {
      try printer.output.write("---\n" + YAMLWriter.document(json))
    } else {
      try printer.output.write(json.compactText + "\n")
    }
  }
}
