/// Names by where people's families come from, so that given and family names go together.
struct DemoNames: Sendable {
  /// Of 1,000 patients, how many.
  var share: Int
  /// BCP 47, for those whose first language is not English.
  var language: String
  /// In the words of the 2021 census of England and Wales.
  var ethnicity: String
  /// The country of a passport.
  var country: String
  var female: [String]
  var male: [String]
  /// Family names; `f/m` where women's and men's differ.
  var family: [String]

  static let all: [DemoNames] = table.split(separator: "\n").compactMap { line in
    let fields = line.split(separator: "|").map { $0.split(separator: " ").map(String.init) }
    guard fields.count == 5, fields[0].count == 3, let share = Int(fields[0][0]) else { return nil }
    return DemoNames(
      share: share, language: fields[0][1], ethnicity: fields[1].joined(separator: " "),
      country: fields[0][2],
      female: fields[2].map(unjoined), male: fields[3].map(unjoined),
      family: fields[4].map(unjoined))
  }

  /// The table joins the words of one name by `_`.
  private static func unjoined(_ name: String) -> String {
    String(name.map { $0 == "_" ? " " : $0 })
  }

  // Share, language and country | ethnicity | women | men | families.
  private static let table = """
    520 en GB|White British|Olivia Amelia Isla Ava Emily Grace Margaret Susan Patricia Christine Jean Dorothy Sarah Emma Laura Rebecca Hannah Charlotte Lucy Katherine Helen Alison Zoë Chloë Renée Joan Sheila Pamela Florence Poppy|Oliver George Harry Noah Jack Arthur James William Thomas David John Peter Michael Alan Kenneth Andrew Paul Mark Steven Daniel Matthew Luke Adam Ben Ronald Derek Graham Theo Freddie Alfie|Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White Roberts Green Hall Wood Jackson Clarke Harrison Hughes Edwards Turner Hill Cooper Ward Morris Moore Clark Lee King Baker Allen Morgan Parker Cook Phillips Richardson Shaw Bennett Carter Smith-Hughes D'Arcy Brontë Featherstonehaugh
    70 en GB|White Scottish|Eilidh Isobel Morag Catriona Fiona Mhairi Ailsa Kirsty|Callum Hamish Angus Ewan Fergus Rory Alasdair Gregor|MacDonald McLeod Campbell Stewart MacKenzie Fraser Murray McIntyre Sinclair Macleod
    60 en IE|White Irish|Siobhán Niamh Aoife Gráinne Róisín Áine Sinéad Bríd|Seán Pádraig Ciarán Oisín Eoghan Tadhg Darragh Mícheál|O'Brien Murphy Ó_Súilleabháin Byrne O'Neill Ní_Dhomhnaill Kelly Doyle Gallagher McCarthy
    45 cy GB|White Welsh|Siân Carys Cerys Ffion Lowri Angharad|Dafydd Rhys Owain Gethin Llŷr Emyr|Llewellyn Ap_Gwilym Pritchard Powell Rees Vaughan Bowen
    60 ur PK|Asian Pakistani|Aisha Fatima Zainab Maryam Sana Nadia|Mohammed Bilal Hamza Imran Usman Tariq|Khan Ahmed Hussain Malik Akhtar Iqbal Chaudhry Mahmood
    55 gu IN|Asian Indian|Priya Anjali Kavita Meera Lakshmi Deepa|Rajesh Sanjay Amit Vikram Harpreet Arjun|Patel Singh Shah Kaur Sharma Gupta Desai Iyer
    30 bn BD|Asian Bangladeshi|Nasrin Rukhsana Sultana Farzana|Rahim Shafiq Kamal Abdul|Begum Rahman Uddin Islam Miah
    45 pl PL|White Polish|Małgorzata Agnieszka Katarzyna Zofia Elżbieta Joanna|Łukasz Paweł Krzysztof Tomasz Grzegorz Michał|Nowak Kowalska/Kowalski Wiśniewska/Wiśniewski Wójcik Lewandowska/Lewandowski Zając Dąbrowska/Dąbrowski
    25 ro RO|White Romanian|Ioana Ștefania Mădălina Elena|Ștefan Mihai Răzvan Andrei|Popescu Ionescu Țurcanu Dumitru Gheorghiță
    25 yo NG|Black African|Abọ́sẹ̀dé Chiamaka Ngozi Folashadé Amara|Olúwaṣeun Chukwuemeka Tunde Ikenna Kwame|Okafor Adeyemi Okonkwo Balogun Mensah Òkè
    18 en JM|Black Caribbean|Shanice Marcia Beverley Yvonne|Winston Delroy Errol Dwayne|Campbell Francis Gordon Bailey Reid
    14 zh CN|Asian Chinese|芳 秀英 敏 静|伟 强 磊 小明|王 李 张 刘 陈
    10 uk UA|White Ukrainian|Олена Наталія Софія Ганна|Олександр Андрій Тарас Юрій|Шевченко Коваленко Бондаренко Мельник
    12 ar SY|Arab|فاطمة ليلى نور سارة|محمد أحمد خالد يوسف|الحسن العلي حداد المصري
    6 el GR|White Greek|Ελένη Μαρία Κατερίνα|Γιώργος Νίκος Δημήτρης|Παπαδοπούλου/Παπαδόπουλος Νικολάου Γεωργίου
    20 es ES|White Spanish|José_María Begoña Inés Lucía María_José|José Íñigo Andrés Jesús Raúl|García Núñez Rodríguez_Pérez Ibáñez Muñoz Peña
    15 de DE|White German|Jutta Käthe Heike Ursula Anneliese|Jürgen Günther Björn Matthias Götz|Müller Schröder Groß Weiß Schäfer Köhler Bäcker
    12 fr FR|White French|Éloïse Hélène Amélie Françoise|François Jérôme Benoît Loïc|Lefèvre Béranger D'Aubigné Müller-Lévy L'Hôpital
    8 da DK|White Danish|Søs Åse Kirsten Mette|Søren Jørgen Åge Asbjørn|Sørensen Kjær Østergård Nørgaard
    6 is IS|White Icelandic|Guðrún Þóra Sigríður Ásdís|Þór Guðmundur Ægir Björn|Jónsdóttir/Jónsson Guðmundsdóttir/Guðmundsson Þorsteinsdóttir/Þorsteinsson
    10 tr TR|White Turkish|Ayşe Gül Çiğdem İpek|Çağlar İbrahim Işık Oğuz|Yılmaz Şahin Öztürk Çelik Güneş
    10 vi VN|Asian Vietnamese|Thị_Hương Ngọc Thùy_Dương|Văn_Đức Minh Quốc_Anh|Nguyễn Trần Lê Phạm Đặng
    """
}
