/// The words that the passwords of leaked lists are made of, where they have twelve characters or
/// more: such a password is one or several of these words, with a year or a few digits.
enum CommonPasswords {
  /// Folded words, the longest first.
  static let words: [[UInt8]] =
    list.split { $0 == " " || $0 == "\n" }.map { Array($0.utf8) }.sorted { $0.count > $1.count }

  /// Whether two characters follow each other on a keyboard's row, in the alphabet or in counting.
  static func isNeighbour(_ one: UInt8, _ next: UInt8) -> Bool {
    if one == next { return true }
    if one.distance(to: next).magnitude == 1 { return true }
    guard let place = places[one], let other = places[next] else { return false }
    return abs(place - other) == 1
  }

  /// The keys' places on the rows of QWERTY, QWERTZ and AZERTY keyboards; rows lie far apart.
  private static let places: [UInt8: Int] = {
    var places: [UInt8: Int] = [:]
    for (row, keys) in ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"].enumerated() {
      for (column, key) in keys.utf8.enumerated() { places[key] = row * 100 + column }
    }
    return places
  }()

  private static let list = """
    password passwort passwords passphrase parola contrasena motdepasse wachtwoord senha haslo
    letmein letmeinnow welcome willkommen bienvenue welcomeback iloveyou iloveyousomuch ilovemyself
    iloveme loveyou loveme lovely lover loveforever foreverlove truelove princess prince queen king
    superman batman spiderman wonderwoman ironman superstar starwars startrek pokemon naruto
    football baseball basketball softball volleyball soccer hockey tennis rugby cricket golf
    liverpool arsenal chelsea manchester united barcelona realmadrid juventus bayern everton rangers
    celtic tottenham westham newcastle dallas cowboys yankees lakers steelers
    sunshine rainbow butterfly flower flowers summer winter spring autumn january february march
    april august september october november december monday tuesday wednesday thursday friday
    saturday sunday today tomorrow birthday christmas holiday vacation
    dragon monkey tiger lion bear wolf eagle falcon panther puppy kitten kitty doggy horse
    computer internet keyboard laptop network server database system windows microsoft google
    facebook twitter instagram linkedin youtube iphone samsung nokia android apple
    qwerty qwertz azerty qwertyuiop qwertzuiop azertyuiop asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx wsxedc edcrfv qweasd
    asdzxc zaqxsw admin administrator root user guest test testing tester demo default master
    secret topsecret private secure security access login logon signin changeme changethis
    changeit temporary temp trustno1 trustme whatever nothing nopassword mypassword thepassword
    newpassword oldpassword abc abcd abcde abcdef abcdefg abcdefgh abcabc aaa bbb xyz
    123 1234 12345 123456 1234567 12345678 123456789 1234567890 0123456789 987654321 87654321
    654321 54321 4321 321 111 1111 000 0000 123123 112233 121212 696969 666 777 888 999 007
    2000 2001 2010 2015 2018 2019 2020 2021 2022 2023 2024 2025 2026 2027
    michael jennifer jessica ashley daniel matthew andrew joshua charlie thomas robert jordan
    michelle nicole anthony william christopher elizabeth samantha alexander alexandra stephanie
    george hannah james oliver amelia sophie emily jack harry london england ireland scotland
    america canada australia germany france espana italia
    doctor nurse hospital clinic patient medical medicine health healthcare dental dentist surgery
    pharmacy therapy reception receptionist practice
    correcthorsebatterystaple correct horse battery staple opensesame blessed jesus jesuschrist
    godisgood thankyou hello helloworld goodbye fuckyou fuckoff asshole bitch sexy baby babygirl
    angel angels cookie chocolate cheese banana orange pepper ginger coffee freedom success
    shadow hunter killer ninja pirate warrior matrix phoenix mustang ferrari porsche mercedes
    harley corvette guitar music metallica slipknot nirvana eminem shakira
    my the and for you love is to me in a i 1 2 3
    """
}
