/// Help beside that of the commands: `clinicctl help TOPIC`.
package enum HelpTopic: String, CaseIterable, Sendable {
  case exitCodes = "exit-codes"
  case environment
  case mapping

  /// The topic that the words ask for; nil where they ask for none.
  package init?(arguments: [String]) {
    guard arguments.count == 2, arguments[0] == "help" else { return nil }
    self.init(rawValue: arguments[1])
  }

  /// The text.
  package var text: String {
    switch self {
    case .exitCodes: CommandStatus.documentation
    case .environment: Self.environmentText
    case .mapping: Self.mappingText
    }
  }

  private static let environmentText = """
    ENVIRONMENT
      CLINICCTL_HOME     The folder of profiles and credentials.
                         Default: ~/.config/clinicctl
      CLINICCTL_PROFILE  The profile to work with where --profile names none.
      CLINICCTL_API_KEY  The API key of a service account, to call with it instead of a session.
      NO_COLOR           Set to anything: no colour (--color always wins).
      COLUMNS            The width of help texts.

    FILES
      profiles/NAME/profile.json      Where and as whom to log in.
      profiles/NAME/credentials.json  The session's tokens (mode 0600).
      current                         The name of the profile in use.

    """

  private static var mappingText: String {
    var text = """
      MAPPING COLUMNS OF A CSV FILE
        clinicctl patient import FILE --map 'birth_date=DOB,name.family=Surname'
        clinicctl patient import FILE --map-file FILE    (one assignment on a line)

      Left of '=' stands what the column becomes, right of it the column's heading, in double
      quotes where it holds a comma. What a column can become:

        any field of a patient, as clinicctl describe clinic.v1.Patient lists them, by its path:
        name.family, birth_date, sex, tags, identifiers[0].value …

      """
    let names = ImportTarget.shortNames
    let width = names.map(\.name.count).max() ?? 0
    text += "\n"
    for (name, _, meaning) in names {
      text += "  " + name + String(repeating: " ", count: width - name.count + 2) + meaning + "\n"
    }
    text +=
      "  id:ISSUER" + String(repeating: " ", count: max(1, width - 7))
      + "the number in another system, called ISSUER\n"
    text += """

      What --map says is added to what the header says by itself, and wins over it: a column that
      it names becomes nothing else, and a value that it names comes from no other column.

      An export of Synthea, a file of clinicctl patient export -o csv, and usual headings such as
      Surname or Date of birth need no map. Dates are YYYY-MM-DD unless --date-format says
      otherwise (DD/MM/YYYY, D.M.YY, DD MMM YYYY …). Lists are parted by semicolons.

      """
    return text
  }
}
