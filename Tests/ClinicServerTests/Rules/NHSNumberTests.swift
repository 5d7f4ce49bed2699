import Testing

@testable import ClinicServer

@Suite("NHS numbers")
struct NHSNumberTests {
  @Test(
    "are read however they are spaced",
    arguments: [
      "9434765919", "943 476 5919", "943-476-5919", " 943 476 5919 ", "943.476.5919",
      "943\u{2011}476\u{2011}5919", "943\u{A0}476\u{A0}5919", "９４３４７６５９１９"
    ])
  func reads(text: String) {
    #expect(NHSNumber.normalized(text) == "9434765919")
    #expect(NHSNumber.isValid(text))
  }

  @Test(
    "are refused with a wrong check digit, letter or length",
    arguments: [
      "9434765918", "943476591", "94347659190", "943476591X", "", "abc", "0000000000",
      "943/476/5919", "+9434765919", "٩٤٣٤٧٦٥٩١٩"
    ])
  func refuses(text: String) {
    #expect(NHSNumber.normalized(text) == nil)
  }

  @Test("have no check digit where the remainder makes ten")
  func checkDigitTen() throws {
    // 1000000001: 10 + 0… sums to 10, so the check is 1; 000000006 sums to 12, so it is 10.
    #expect(NHSNumber.checkDigit(for: [1, 0, 0, 0, 0, 0, 0, 0, 0]) == 1)
    #expect(NHSNumber.checkDigit(for: [0, 0, 0, 0, 0, 0, 0, 0, 6]) == nil)
    for last in 0...9 { #expect(!NHSNumber.isValid("000000006\(last)")) }
    // A remainder of zero makes eleven, which is written 0.
    #expect(NHSNumber.checkDigit(for: [0, 0, 0, 0, 0, 0, 0, 1, 4]) == 0)
    #expect(NHSNumber.isValid("0000000140"))
  }

  @Test("tell every single wrong digit and every swap of neighbours")
  func detectsSlips() {
    let number = Array("9434765919".utf8)
    for index in number.indices {
      for digit in UInt8(0x30)...0x39 where digit != number[index] {
        var wrong = number
        wrong[index] = digit
        #expect(!NHSNumber.isValid(String(decoding: wrong, as: UTF8.self)))
      }
      guard index > 0, number[index] != number[index - 1] else { continue }
      var swapped = number
      swapped.swapAt(index, index - 1)
      #expect(!NHSNumber.isValid(String(decoding: swapped, as: UTF8.self)))
    }
  }

  @Test("are printed in three blocks")
  func formats() {
    #expect(NHSNumber.formatted("9434765919") == "943 476 5919")
    #expect(NHSNumber.formatted("943") == "943")
    #expect(NHSNumber.isForTests("999 012 3456") == NHSNumber.isValid("9990123456"))
    #expect(!NHSNumber.isForTests("9434765919"))
  }
}
