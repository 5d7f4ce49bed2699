import Testing

@Suite("Code mask")
struct CodeMaskTests {
  @Test(
    "leaves only code",
    arguments: [
      ("let a = 1 // try!", "let a = 1        "),
      ("a /* b /* c */ d */ e", "a                   e"),
      (#"print("as! \(x("y")) try!", z)"#, "print(                    , z)"),
      ("a(\"\"\"\n  try! \"q\"\n  \"\"\") b", "a(   \n          \n     ) b"),
      ("f(#\"a \" b\"#, c)", "f(         , c)"),
      (#"g("\\", h)"#, "g(    , h)")
    ])
  func masks(text: String, code: String) {
    #expect(CodeMask.code(of: text) == code)
  }
}
