/// How a country dials: what its numbers look like inside the country and from outside.
struct PhoneCountry: Sendable, Hashable {
  /// The code that follows `+`.
  var callingCode: String
  /// What stands before a number that is dialled from elsewhere in the country, and goes away after
  /// the calling code. Empty where the whole number is always dialled, a first 0 included.
  var trunkPrefix: String
  /// What stands before a foreign number.
  var internationalPrefix: String
  /// How many digits follow the calling code.
  var lengths: ClosedRange<Int>

  /// The countries that we know, by ISO 3166-1 alpha-2 code (ITU-T E.164 and the national plans).
  static let known: [String: PhoneCountry] = {
    var known: [String: PhoneCountry] = [:]
    for line in table.split(separator: "\n") {
      let fields = line.split(separator: " ").map(String.init)
      guard fields.count == 6, let least = Int(fields[4]), let most = Int(fields[5]) else {
        continue
      }
      known[fields[0]] = PhoneCountry(
        callingCode: fields[1], trunkPrefix: fields[2] == "-" ? "" : fields[2],
        internationalPrefix: fields[3], lengths: least...most)
    }
    return known
  }()

  /// The country that a number after `+` belongs to: the one with the longest matching code. Where
  /// several share a code (1, 7, 44), any of them: their plans agree.
  static func ofInternational(_ digits: Substring) -> PhoneCountry? {
    for length in stride(from: 3, through: 1, by: -1) {
      if let country = byCallingCode[String(digits.prefix(length))] { return country }
    }
    return nil
  }

  private static let byCallingCode: [String: PhoneCountry] = Dictionary(
    known.sorted { $0.key < $1.key }.map { ($0.value.callingCode, $0.value) },
    uniquingKeysWith: { first, _ in first })

  // Country, calling code, trunk prefix, international prefix, least and most digits after the code.
  private static let table = """
    GB 44 0 00 7 10
    IM 44 0 00 10 10
    JE 44 0 00 10 10
    GG 44 0 00 10 10
    IE 353 0 00 7 9
    US 1 1 011 10 10
    CA 1 1 011 10 10
    PR 1 1 011 10 10
    JM 1 1 011 10 10
    FR 33 0 00 9 9
    DE 49 0 00 5 12
    ES 34 - 00 9 9
    IT 39 - 00 6 11
    PT 351 - 00 9 9
    NL 31 0 00 9 9
    BE 32 0 00 8 9
    LU 352 - 00 4 11
    CH 41 0 00 9 9
    AT 43 0 00 4 13
    PL 48 - 00 9 9
    CZ 420 - 00 9 9
    SK 421 0 00 9 9
    HU 36 06 00 8 9
    RO 40 0 00 9 9
    BG 359 0 00 7 9
    GR 30 - 00 10 10
    CY 357 - 00 8 8
    MT 356 - 00 8 8
    HR 385 0 00 8 9
    SI 386 0 00 8 8
    RS 381 0 00 8 9
    EE 372 - 00 7 8
    LV 371 - 00 8 8
    LT 370 0 00 8 8
    SE 46 0 00 7 9
    NO 47 - 00 8 8
    DK 45 - 00 8 8
    FI 358 0 00 5 12
    IS 354 - 00 7 9
    UA 380 0 00 9 9
    RU 7 8 810 10 10
    KZ 7 8 810 10 10
    TR 90 0 00 10 10
    IL 972 0 00 8 9
    AE 971 0 00 8 9
    SA 966 0 00 8 9
    EG 20 0 00 8 10
    MA 212 0 00 9 9
    NG 234 0 009 8 10
    GH 233 0 00 9 9
    KE 254 0 000 9 9
    ZA 27 0 00 9 9
    IN 91 0 00 10 10
    PK 92 0 00 9 10
    BD 880 0 00 8 10
    LK 94 0 00 9 9
    CN 86 0 00 10 11
    HK 852 - 001 8 8
    SG 65 - 000 8 8
    MY 60 0 00 8 10
    PH 63 0 00 8 10
    TH 66 0 001 8 9
    JP 81 0 010 9 10
    KR 82 0 00 8 10
    AU 61 0 0011 9 9
    NZ 64 0 00 8 10
    MX 52 - 00 10 10
    BR 55 0 00 10 11
    AR 54 0 00 10 11
    CL 56 - 00 9 9
    CO 57 - 00 8 10
    """
}
