import Testing

@testable import ClinicServer

@Suite("Telephone numbers")
struct PhoneNumberTests {
  @Test(
    "are brought to E.164 from what people write at home",
    arguments: [
      ("GB", "020 7946 0958", "+442079460958"), ("GB", "(0113) 496-0123", "+441134960123"),
      ("GB", "07700 900123", "+447700900123"), ("gb", "07700900123", "+447700900123"),
      ("IE", "01 234 5678", "+35312345678"), ("US", "(617) 555-0123", "+16175550123"),
      ("US", "1-617-555-0123", "+16175550123"), ("CA", "416.555.0123", "+14165550123"),
      ("FR", "01 23 45 67 89", "+33123456789"), ("DE", "030 12345678", "+493012345678"),
      ("ES", "612 345 678", "+34612345678"), ("IT", "06 1234 5678", "+390612345678"),
      ("NL", "020 123 4567", "+31201234567"), ("BE", "02 123 45 67", "+3221234567"),
      ("PT", "212 345 678", "+351212345678"), ("CH", "044 123 45 67", "+41441234567"),
      ("AT", "01 5123456", "+4315123456"), ("PL", "22 123 45 67", "+48221234567"),
      ("SE", "08-123 456 78", "+46812345678"), ("NO", "22 12 34 56", "+4722123456"),
      ("DK", "32 12 34 56", "+4532123456"), ("FI", "040 1234567", "+358401234567"),
      ("AU", "(02) 5550 1234", "+61255501234"), ("NZ", "021 123 4567", "+64211234567"),
      ("IN", "098765 43210", "+919876543210"), ("IN", "98765 43210", "+919876543210"),
      ("HU", "06 1 123 4567", "+3611234567"), ("RU", "8 (495) 123-45-67", "+74951234567"),
      ("SG", "6123 4567", "+6561234567"), ("BR", "(011) 91234-5678", "+5511912345678")
    ])
  func national(country: String, text: String, expected: String) {
    #expect(PhoneNumber.normalized(text, country: country) == expected)
  }

  @Test(
    "are brought to E.164 from what is written with a country, wherever that is",
    arguments: [
      ("GB", "+44 20 7946 0958", "+442079460958"), ("FR", "+44 (0)20 7946 0958", "+442079460958"),
      ("GB", "0044 20 7946 0958", "+442079460958"), ("US", "011 44 20 7946 0958", "+442079460958"),
      ("GB", "+1 617 555 0123", "+16175550123"), ("GB", "00 353 1 234 5678", "+35312345678"),
      ("", "+39 06 1234 5678", "+390612345678"), ("ZZ", "+47 22123456", "+4722123456"),
      ("GB", "\u{202A}+44 20 7946 0958\u{202C}", "+442079460958"),
      ("GB", "＋４４ ２０ ７９４６ ０９５８", "+442079460958"), ("AU", "0011 64 21 123 4567", "+64211234567"),
      ("GB", "+998 90 123 45 67", "+998901234567"), ("", "00447700900123", "+447700900123")
    ])
  func international(country: String, text: String, expected: String) {
    #expect(PhoneNumber.normalized(text, country: country) == expected)
  }

  @Test(
    "stay as they are where they cannot be read as one",
    arguments: [
      ("GB", ""), ("GB", "ask the neighbour"), ("GB", "020 7946 0958 ext 3"), ("GB", "999"),
      ("GB", "+44"), ("GB", "+44 20 7946 0958 12345"), ("GB", "7946 0958"), ("US", "555-0123"),
      ("NO", "2212345"), ("ZZ", "020 7946 0958"), ("GB", "++44 20 7946 0958"),
      ("GB", "020 7946 +0958"), ("GB", "+0 20 7946 0958"), ("GB", "0"), ("GB", "()")
    ])
  func unreadable(country: String, text: String) {
    #expect(PhoneNumber.normalized(text, country: country) == nil)
  }

  @Test("are stable once normalised, in every country that we know")
  func stable() {
    for (code, country) in PhoneCountry.known {
      let rest = String(repeating: "2", count: country.lengths.upperBound)
      let number = "+" + country.callingCode + rest
      #expect(PhoneNumber.normalized(number, country: "GB") == number)
      #expect(
        PhoneNumber.normalized(country.trunkPrefix + rest, country: code) == number, "\(code)")
    }
    #expect(PhoneCountry.known.count > 60)
    #expect(PhoneNumber.digits("+44 (0)20 ٣") == "440203")
  }
}
