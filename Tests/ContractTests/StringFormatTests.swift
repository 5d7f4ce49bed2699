import ProtobufRuntime
import Testing

@Suite("String formats")
struct StringFormatTests {
  @Test(
    "accept what their standards accept",
    arguments: [
      (.uuid, "0190a8f2-7b1c-7e2a-9c55-3f6a1d2b4c8e"),
      (.uuid, "0190A8F2-7B1C-7E2A-9C55-3F6A1D2B4C8E"),
      (.uuid, "00000000-0000-0000-0000-000000000000"),
      (.email, "a@b"), (.email, "first.last+tag@sub.example.org"), (.email, "o'brien@example.ie"),
      (.email, "x@1.example"), (.email, String(repeating: "a", count: 64) + "@example.org"),
      (.e164, "+1234567"), (.e164, "+442079460123"), (.e164, "+123456789012345"),
      (.language, "en"), (.language, "en-GB"), (.language, "zh-Hans-CN"), (.language, "sr-Latn"),
      (.language, "de-CH-1996"), (.language, "sl-rozaj-biske"), (.language, "es-419"),
      (.language, "x-private"), (.language, "en-u-ca-gregory"), (.language, "i-klingon"),
      (.language, "zh-yue-HK"), (.language, "en-GB-x-clinic"), (.language, "EN-gb"),
      (.timeZone, "UTC"), (.timeZone, "Europe/London"), (.timeZone, "America/Indiana/Knox"),
      (.timeZone, "Etc/GMT+5"), (.timeZone, "America/Port-au-Prince"),
      (.currency, "EUR"), (.currency, "GBP"), (.currency, "JPY"), (.currency, "XOF"),
      (.country, "GB"), (.country, "US"), (.country, "SS"), (.country, "AX"),
      (.slug, "ab"), (.slug, "clinic-1"), (.slug, "4ever"), (.slug, "a--b"),
      (.slug, String(repeating: "a", count: 63)),
      (.line, ""), (.line, "Zoë O’Neill"), (.line, "李 小龍"), (.line, "a\u{200D}b"),
      (.line, "👩‍👩‍👧"), (.line, "a\u{00A0}b"),
      (.url, "https://example.org"), (.url, "http://example.org:8080/a/b?c=d#e"),
      (.url, "HTTPS://EXAMPLE.ORG/"), (.url, "https://127.0.0.1/"), (.url, "http://[::1]:80/"),
      (.url, "https://example.org/%20?q=%C3%A9"), (.url, "https://localhost?x"),
      (.url, "https://example.org./")
    ] as [(StringFormat, String)])
  func accepted(format: StringFormat, value: String) {
    #expect(format.matches(value))
  }

  @Test(
    "refuse all else",
    arguments: [
      (.uuid, ""), (.uuid, "0190a8f27b1c7e2a9c553f6a1d2b4c8e"),
      (.uuid, "0190a8f2-7b1c-7e2a-9c55-3f6a1d2b4c8"),
      (.uuid, "g190a8f2-7b1c-7e2a-9c55-3f6a1d2b4c8e"),
      (.uuid, "{190a8f2-7b1c-7e2a-9c55-3f6a1d2b4c8}"),
      (.uuid, "0190a8f27-b1c-7e2a-9c55-3f6a1d2b4c8e"),
      (.email, ""), (.email, "a"), (.email, "@b"), (.email, "a@"), (.email, "a@b@c"),
      (.email, ".a@b.c"), (.email, "a.@b.c"), (.email, "a..b@c.d"), (.email, "a b@c.d"),
      (.email, "a@-b.c"), (.email, "a@b-.c"), (.email, "a@b..c"), (.email, "a@b.c."),
      (.email, "a@b.c\n"), (.email, "é@b.c"), (.email, "a@[127.0.0.1]"), (.email, "\"a\"@b.c"),
      (.email, String(repeating: "a", count: 65) + "@example.org"),
      (.email, "a@" + String(repeating: "b", count: 64) + ".org"),
      (.email, "a@" + String(repeating: "b.", count: 130) + "org"),
      (.e164, "1234567"), (.e164, "+123456"), (.e164, "+1234567890123456"), (.e164, "+0123456789"),
      (.e164, "+44 20 7946"), (.e164, "++4420794601"), (.e164, "+４４２０７９４６０"),
      (.language, ""), (.language, "e"), (.language, "en-"), (.language, "-en"),
      (.language, "en_GB"),
      (.language, "abcdefghi"), (.language, "en-a"), (.language, "en-a-b-c"), (.language, "x"),
      (.language, "de-1996-1996"), (.language, "en-u-ca-u-nu"), (.language, "e1"),
      (.timeZone, ""), (.timeZone, "Europe/Atlantis"), (.timeZone, "europe/london"),
      (.timeZone, "../passwd"), (.timeZone, "/etc/localtime"), (.timeZone, "Europe"),
      (.timeZone, "Europe/../UTC"), (.timeZone, "zone.tab"), (.timeZone, "+05:00"),
      (.timeZone, "posix/Europe/London"), (.timeZone, "Europe/London\0"),
      (.currency, ""), (.currency, "EU"), (.currency, "eur"), (.currency, "EURO"),
      (.currency, "XXX"),
      (.currency, "ABC"), (.country, ""), (.country, "UK"), (.country, "gb"), (.country, "GBR"),
      (.country, "XX"),
      (.slug, ""), (.slug, "a"), (.slug, "-ab"), (.slug, "ab-"), (.slug, "Ab"), (.slug, "a_b"),
      (.slug, "é1"), (.slug, String(repeating: "a", count: 64)),
      (.line, " a"), (.line, "a "), (.line, "a\nb"), (.line, "a\tb"), (.line, "a\0b"),
      (.line, "\u{00A0}é"), (.line, "é\u{3000}"), (.line, "a\u{0085}b"), (.line, "é\u{2028}é"),
      (.line, "a\u{7F}"), (.line, " "),
      (.url, ""), (.url, "example.org"), (.url, "ftp://example.org"), (.url, "https://"),
      (.url, "https:///path"), (.url, "https://exa mple.org"), (.url, "https://user@example.org"),
      (.url, "https://example.org:99999"), (.url, "https://example.org/%2"),
      (.url, "https://example.org/<"), (.url, "https://example.org/é"),
      (.url, "javascript:alert(1)"),
      (.url, "https://[zz]/"), (.url, "https://example.org/#a#b"), (.url, "https://-a.org")
    ] as [(StringFormat, String)])
  func refused(format: StringFormat, value: String) {
    #expect(!format.matches(value))
  }

  @Test("have reasons and rules of their own", arguments: StringFormat.allCases)
  func words(format: StringFormat) {
    #expect(format.reason.hasPrefix("FORMAT_"))
    #expect(format.rule.hasPrefix("must "))
    #expect(StringFormat.allCases.filter { $0.reason == format.reason } == [format])
  }
}
