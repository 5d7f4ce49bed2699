internal import ClinicContracts
internal import RPCCore

/// Feeds as calendar programs read them: by plain HTTP, at a path that is the feed's secret.
enum CalendarFeedPage {
  private static let prefix = "/calendar/"
  private static let suffix = ".ics"

  /// The path of a feed's URL.
  static func path(of token: FeedToken) -> String { prefix + token.text + suffix }

  static let page = Page(
    CalendarFeedService.Methods.readCalendarFeed, prefix: prefix, suffix: suffix,
    contentType: "text/calendar; charset=utf-8",
    request: { ReadCalendarFeedRequest(token: $0) },
    content: { (reply: ReadCalendarFeedResponse) in reply.calendar })

  /// A moment, in seconds since 1970, as HTTP writes it (RFC 9110 §5.6.7): `Sun, 06 Nov 1994
  /// 08:49:37 GMT`.
  static func httpDate(_ moment: Int64) -> String {
    let local = LocalMoment(naive: moment)
    let date = PartialDate(daysSince1970: local.day)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    ]
    let time = [local.second / 3_600, local.second / 60 % 60, local.second % 60].map(two)
    return "\(days[local.dayOfWeek - 1]), \(two(date?.day ?? 1)) \(months[(date?.month ?? 1) - 1]) "
      + "\(date?.year ?? 1970) \(time.joined(separator: ":")) GMT"
  }
}
