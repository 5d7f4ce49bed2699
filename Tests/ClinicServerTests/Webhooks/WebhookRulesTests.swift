import ClinicContracts
import Foundation
import NIOPosix
import RPCCore
import TestSupport
import Testing

@testable import ClinicServer
@testable import RPCTransport

@Suite("Rules of webhooks")
struct WebhookRulesTests {
  @Test("sign as the specification's own example")
  func vector() throws {
    // standardwebhooks.com: the example of its libraries.
    let key = try #require(Data(base64Encoded: "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
    let signature = WebhookSecret(bytes: Array(key)).signature(
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330,
      body: Array(#"{"test": 2432232314}"#.utf8))
    #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
  }

  @Test("open a secret in its own row alone")
  func vault() throws {
    let vault = WebhookVault(key: [1, 2, 3])
    let secret = WebhookSecret()
    let (webhook, company) = (UUID(), UUID())
    let sealed = try vault.seal(secret, of: webhook, in: company)
    #expect(try vault.open(sealed, of: webhook, in: company).bytes == secret.bytes)
    #expect(throws: (any Error).self) { try vault.open(sealed, of: UUID(), in: company) }
    #expect(throws: (any Error).self) { try vault.open(sealed, of: webhook, in: UUID()) }
    #expect(throws: (any Error).self) {
      try WebhookVault(key: [3, 2, 1]).open(sealed, of: webhook, in: company)
    }
    var texts = ["\(secret)", String(reflecting: secret)]
    dump(secret, to: &texts[0])
    #expect(texts.allSatisfy { !$0.contains(secret.text.dropFirst(6)) })
  }

  @Test("pause three times as long each time, six hours at most, twelve attempts in a day")
  func pauses() {
    let settings = WebhookSettings()
    let pauses = (1...11).map { settings.pause(afterAttempt: $0, chance: 0.5) }
    #expect(
      pauses.prefix(9).map { ($0 / .seconds(1)).rounded() }
        == [5, 15, 45, 135, 405, 1_215, 3_645, 10_935, 21_600])
    let day = pauses.reduce(Duration.zero, +)
    #expect(day > .seconds(20 * 3_600) && day < .seconds(28 * 3_600))
    #expect(settings.pause(afterAttempt: 1, chance: 0) == .seconds(4))
    #expect((settings.pause(afterAttempt: 500, chance: 1) / .seconds(1)).rounded() == 25_920)
    // Another server takes an attempt over when it is over.
    #expect(settings.timeout * 2 < settings.lease)
  }

  @Test(
    "take no address but the public internet's",
    arguments: [
      ("8.8.8.8", true), ("1.1.1.1", true), ("93.184.215.14", true), ("172.15.255.255", true),
      ("172.32.0.0", true), ("100.63.255.255", true), ("100.128.0.0", true),
      ("169.253.255.255", true), ("223.255.255.255", true), ("198.17.255.255", true),
      ("192.0.1.1", true), ("2606:4700::1111", true), ("2a00:1450:4001::1", true),
      ("2001:200::1", true),
      ("0.0.0.0", false), ("0.1.2.3", false), ("10.0.0.1", false), ("10.255.255.255", false),
      ("100.64.0.1", false), ("100.127.255.255", false), ("127.0.0.1", false),
      ("127.255.255.254", false), ("169.254.169.254", false), ("172.16.0.1", false),
      ("172.31.255.255", false), ("192.0.0.1", false), ("192.0.2.1", false),
      ("192.88.99.1", false), ("192.168.1.1", false), ("198.18.0.1", false),
      ("198.19.255.255", false), ("198.51.100.1", false), ("203.0.113.1", false),
      ("224.0.0.1", false), ("239.255.255.255", false), ("240.0.0.1", false),
      ("255.255.255.255", false),
      ("::", false), ("::1", false), ("::ffff:127.0.0.1", false), ("::ffff:8.8.8.8", false),
      ("::127.0.0.1", false), ("64:ff9b::7f00:1", false), ("64:ff9b:1::1", false),
      ("100::1", false), ("fc00::1", false), ("fd00:ec2::254", false), ("fe80::1", false),
      ("fec0::1", false), ("ff02::1", false), ("2001::1", false), ("2001:db8::1", false),
      ("2001:10::1", false), ("2002:7f00:1::1", false), ("3fff::1", false), ("4000::1", false)
    ])
  func publicAddresses(text: String, isPublic: Bool) throws {
    let octets = try #require(InternetAddress.octets(of: text))
    #expect(InternetAddress.isPublic(octets) == isPublic)
  }

  @Test(
    "post to no address of this machine's, however it is written",
    arguments: [
      "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost", "::1",
      "::ffff:127.0.0.1", "0", "0.0.0.0"
    ])
  func ownAddresses(host: String) async throws {
    let receiver = try await HTTPReceiver()
    let poster = try HTTPPoster(HTTPPoster.Configuration(), group: .singleton)
    let error = await #expect(throws: HTTPPostError.self) {
      try await poster.post(
        HTTPPost(
          host: host, port: receiver.port, isSecure: false, target: "/", authority: host,
          headers: [], body: [], deadline: .after(.seconds(5))))
    }
    #expect(error?.kind == .addressRefused || error?.kind == .nameNotFound)
    #expect(receiver.requests.isEmpty)
    try await poster.shutdown()
  }

  @Test("find the parts of an address")
  func addresses() throws {
    let plain = try WebhookAddress("https://Partner.Example/a%20b?c=d", allowsPlain: false)
    #expect(plain.host == "partner.example" && plain.port == 443)
    #expect(plain.target == "/a%20b?c=d" && plain.authority == "partner.example")
    let six = try WebhookAddress("https://[2a00:1450::1]:8443", allowsPlain: false)
    #expect(six.host == "2a00:1450::1" && six.authority == "[2a00:1450::1]:8443")
    #expect(six.target == "/")
    let loopback = try WebhookAddress("http://127.0.0.1:8080/x", allowsPlain: true)
    #expect(!loopback.isSecure && loopback.authority == "127.0.0.1:8080")
    #expect(throws: RPCError.self) {
      try WebhookAddress("http://10.0.0.1/", allowsPlain: true)
    }
  }
}
