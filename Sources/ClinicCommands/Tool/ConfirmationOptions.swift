internal import ArgumentParser

/// The option of commands that take something away.
struct ConfirmationOptions: ParsableArguments {
  @Flag(name: [.customShort("y"), .long], help: "Go ahead without a question.")
  var yes = false

  init() {}
}
