/// Towns of the United Kingdom with the beginnings of their postcodes and telephone numbers.
struct DemoPlaces: Sendable {
  var town: String
  var county: String
  /// The outward codes of its postcodes.
  var outwardCodes: [String]
  /// What Ofcom keeps for fiction in its area, less the last three digits.
  var phonePrefix: String

  static let all: [DemoPlaces] = table.split(separator: "\n").compactMap { line in
    let fields = line.split(separator: "|").map(String.init)
    guard fields.count == 4 else { return nil }
    return DemoPlaces(
      town: fields[0], county: fields[1],
      outwardCodes: fields[2].split(separator: " ").map(String.init), phonePrefix: fields[3])
  }

  /// Numbers of mobile telephones that Ofcom keeps for fiction, less the last three digits.
  static let mobilePrefix = "+447700900"

  static let streets = """
    High Street|Station Road|Church Lane|Victoria Road|Park Avenue|Mill Lane|The Green|Queens Road|
    Kings Road|London Road|Albert Street|York Road|Chapel Street|Springfield Close|Manor Drive|
    Windsor Crescent|Grange Road|School Lane|Main Street|Elm Grove|Beech Close|Orchard Way|St John's \
    Road|Castle Street|Bridge Street|New Road|West Street|Oak Tree Gardens|Primrose Hill|Cowgate
    """.split(separator: "|").map { String($0.drop { $0.isNewline }) }

  private static let table = """
    Leeds|West Yorkshire|LS1 LS6 LS8 LS16|+441134960
    Sheffield|South Yorkshire|S1 S7 S10 S11|+441144960
    Nottingham|Nottinghamshire|NG1 NG5 NG7|+441154960
    Leicester|Leicestershire|LE1 LE2 LE5|+441164960
    Bristol|Bristol|BS1 BS5 BS7|+441174960
    Reading|Berkshire|RG1 RG2 RG30|+441184960
    Birmingham|West Midlands|B1 B13 B29 B44|+441214960
    Edinburgh|Midlothian|EH1 EH3 EH9|+441314960
    Glasgow|Lanarkshire|G1 G11 G41|+441414960
    Liverpool|Merseyside|L1 L8 L18|+441514960
    Manchester|Greater Manchester|M1 M14 M20|+441614960
    London|Greater London|N1 E8 SE5 SW9 W12 NW5|+442079460
    Newcastle upon Tyne|Tyne and Wear|NE1 NE2 NE6|+441914980
    Belfast|County Antrim|BT1 BT7 BT9|+442896496
    Cardiff|South Glamorgan|CF10 CF14 CF24|+442920180
    Stoke-on-Trent|Staffordshire|ST1 ST4|+441632960
    Ynysybwl|Rhondda Cynon Taf|CF37|+442920180
    Westward Ho!|Devon|EX39|+441632960
    """
}
