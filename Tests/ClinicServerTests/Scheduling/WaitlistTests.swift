import ClinicClient
import ClinicContracts
import Foundation
import Logging
import PostgresClient
import ProtobufRuntime
import RPCCore
import Testing

@Suite("The waitlist")
struct WaitlistTests {
  @Test("offers a freed time to whoever comes first, as a hold that can be accepted")
  func offerAndAccept() async throws {
    let practice = try await TestPractice.make()
    let booked = try await practice.book(try await practice.clinic.patient(), at: practice.time(10))
    let routine = try await practice.wait(try await practice.clinic.patient(family: "Routine"))
    let urgent = try await practice.wait(try await practice.clinic.patient(family: "Urgent")) {
      $0.priority = .urgent
    }
    try await practice.cancel(booked)
    let offer = try await practice.openOffer(urgent)
    #expect(offer.startTime == booked.startTime)
    let held = try await practice.admin.appointments.get(
      GetAppointmentRequest(appointmentID: offer.appointmentID))
    #expect(held.appointment?.status == .held)
    #expect(held.appointment?.patientID == urgent.patientID)
    #expect(held.appointment?.holdExpireTime == offer.expireTime)
    let accepted = try await practice.admin.waitlist.acceptOffer(
      AcceptWaitlistOfferRequest(waitlistOfferID: offer.waitlistOfferID))
    #expect(accepted.appointment?.status == .booked)
    #expect(accepted.entry?.state == .booked)
    #expect(try await practice.entry(routine).state == .waiting)
    #expect(try await practice.offers().count == 1)
    let again = await failure {
      _ = try await practice.admin.waitlist.acceptOffer(
        AcceptWaitlistOfferRequest(waitlistOfferID: offer.waitlistOfferID))
    }
    #expect(again?.code == .failedPrecondition && again?.reason == "OFFER_CLOSED")
  }

  @Test("knows of an offer that was accepted or cancelled as the appointment that it is")
  func otherDoor() async throws {
    let practice = try await TestPractice.make()
    let (first, offer) = try await practice.offer(to: try await practice.clinic.patient())
    _ = try await practice.admin.appointments.accept(
      AcceptAppointmentRequest(appointmentID: offer.appointmentID))
    #expect(try await practice.entry(first).state == .booked)
    #expect(try await practice.offers(first).map(\.state) == [.accepted])
    let (second, other) = try await practice.offer(
      to: try await practice.clinic.patient(), hour: 15)
    _ = try await practice.admin.appointments.cancel(
      CancelAppointmentRequest(
        appointmentID: other.appointmentID, cancelledBy: .patient, reason: .cost))
    #expect(try await practice.entry(second).state == .waiting)
    #expect(try await practice.offers(second).map(\.state) == [.declined])
  }

  @Test("passes over those whom a time does not suit")
  func suitability() async throws {
    let practice = try await TestPractice.make()
    let other = try await practice.clinic.practitioner("Dr Noor Haddad")
    let otherRoom = try await practice.clinic.resource(Resource(kind: .room, name: "Room 2"))
    let booked = try await practice.book(
      try await practice.clinic.patient(), at: practice.time(10),
      with: [practice.practitioner, practice.room])
    let weekday = DayOfWeek(
      rawValue: Int32((TestPractice.day + 3) % 7 + 1))
    let otherDay = DayOfWeek(rawValue: weekday.rawValue % 7 + 1)
    let unsuited: [(inout WaitlistEntry) -> Void] = [
      { $0.resourceIds = [other.resourceID, otherRoom.resourceID] },
      { $0.earliestDate = TestPractice.date(1) },
      { $0.latestDate = TestPractice.date(-1) },
      { $0.windows = [WaitlistWindow(dayOfWeek: otherDay)] },
      { $0.windows = [WaitlistWindow(starts: LocalTime(hours: 10, minutes: 30))] },
      { $0.windows = [WaitlistWindow(dayOfWeek: weekday, ends: LocalTime(hours: 10))] }
    ]
    for change in unsuited {
      try await practice.wait(try await practice.clinic.patient()) {
        $0.priority = .urgent
        change(&$0)
      }
    }
    let suited = try await practice.wait(try await practice.clinic.patient()) {
      $0.resourceIds = [practice.practitioner.resourceID, practice.room.resourceID]
      $0.earliestDate = TestPractice.date()
      $0.latestDate = TestPractice.date()
      $0.windows = [
        WaitlistWindow(dayOfWeek: otherDay),
        WaitlistWindow(
          dayOfWeek: weekday, starts: LocalTime(hours: 10), ends: LocalTime(hours: 10, minutes: 30))
      ]
      $0.noticeMinutes = 10_080
    }
    try await practice.cancel(booked)
    #expect(try await practice.openOffer(suited).startTime == practice.time(10))
    #expect(try await practice.offers().count == 1)
  }

  @Test("gives a declined time to the next, and never to the same again")
  func declining() async throws {
    let practice = try await TestPractice.make()
    let booked = try await practice.book(try await practice.clinic.patient(), at: practice.time(10))
    var entries: [WaitlistEntry] = []
    for _ in 0..<3 { entries.append(try await practice.wait(try await practice.clinic.patient())) }
    try await practice.cancel(booked)
    for entry in entries {
      let offer = try await practice.openOffer(entry)
      let declined = try await practice.admin.waitlist.declineOffer(
        DeclineWaitlistOfferRequest(waitlistOfferID: offer.waitlistOfferID))
      #expect(declined.entry?.state == .waiting)
      let again = await failure {
        _ = try await practice.admin.waitlist.acceptOffer(
          AcceptWaitlistOfferRequest(waitlistOfferID: offer.waitlistOfferID))
      }
      #expect(again?.reason == "OFFER_CLOSED")
    }
    try await practice.quiet()
    #expect(try await practice.offers().map(\.state) == [.declined, .declined, .declined])
    #expect(try await practice.claims() == 0)
  }

  @Test("offers what was freed while everybody had an offer to whoever waits again")
  func freedMeanwhile() async throws {
    let practice = try await TestPractice.make()
    let first = try await practice.book(try await practice.clinic.patient(), at: practice.time(10))
    let second = try await practice.book(try await practice.clinic.patient(), at: practice.time(14))
    let only = try await practice.wait(try await practice.clinic.patient())
    try await practice.cancel(first)
    let offer = try await practice.openOffer(only)
    #expect(offer.startTime == practice.time(10))
    try await practice.cancel(second)
    try await practice.quiet()
    _ = try await practice.admin.waitlist.declineOffer(
      DeclineWaitlistOfferRequest(waitlistOfferID: offer.waitlistOfferID))
    #expect(try await practice.openOffer(only).startTime == practice.time(14))
    // Nobody is offered the same time twice.
    try await practice.passTime(ofHold: try await practice.openOffer(only).appointmentID)
    try await practice.quiet()
    #expect(try await practice.offers(only).map(\.state) == [.expired, .declined])
  }

  @Test("gives an offer that ended to the next")
  func expiry() async throws {
    let practice = try await TestPractice.make()
    let booked = try await practice.book(try await practice.clinic.patient(), at: practice.time(10))
    let first = try await practice.wait(try await practice.clinic.patient())
    let second = try await practice.wait(try await practice.clinic.patient())
    try await practice.cancel(booked)
    let offer = try await practice.openOffer(first)
    try await practice.passTime(ofHold: offer.appointmentID)
    #expect(try await practice.openOffer(second).startTime == offer.startTime)
    #expect(try await practice.entry(first).state == .waiting)
    #expect(try await practice.offers(first).map(\.state) == [.expired])
    let late = await failure {
      _ = try await practice.admin.waitlist.acceptOffer(
        AcceptWaitlistOfferRequest(waitlistOfferID: offer.waitlistOfferID))
    }
    #expect(late?.reason == "HOLD_EXPIRED")
  }

  @Test("hears of times that are freed by moving an appointment and by a hold that ends")
  func otherFreeing() async throws {
    let practice = try await TestPractice.make()
    let booked = try await practice.book(try await practice.clinic.patient(), at: practice.time(10))
    let first = try await practice.wait(try await practice.clinic.patient())
    _ = try await practice.admin.appointments.reschedule(
      RescheduleAppointmentRequest(
        appointmentID: booked.appointmentID, startTime: practice.time(12)))
    #expect(try await practice.openOffer(first).startTime == practice.time(10))
    let held = try await practice.hold(
      try await practice.clinic.patient(), at: practice.time(15), minutes: 60)
    let second = try await practice.wait(try await practice.clinic.patient())
    try await practice.passTime(ofHold: held.appointmentID)
    #expect(try await practice.openOffer(second).startTime == practice.time(15))
  }

  @Test("offers a long time to several, each a part of it")
  func longTime() async throws {
    let practice = try await TestPractice.make()
    var long = practice.new(try await practice.clinic.patient(), at: practice.time(10))
    long.lengthMinutes = 90
    let booked = try await practice.admin.appointments.book(
      BookAppointmentRequest(appointment: long)
    ).appointment
    var entries: [WaitlistEntry] = []
    for _ in 0..<4 { entries.append(try await practice.wait(try await practice.clinic.patient())) }
    // Whoever waits takes what overlaps the freed time; what lies around it is taken.
    try await practice.book(try await practice.clinic.patient(), at: practice.time(9, 30))
    try await practice.book(try await practice.clinic.patient(), at: practice.time(11, 30))
    try await practice.cancel(try #require(booked))
    var starts: [Timestamp?] = []
    for entry in entries.prefix(3) { starts.append(try await practice.openOffer(entry).startTime) }
    #expect(starts == [practice.time(10), practice.time(10, 30), practice.time(11)])
    try await practice.quiet()
    #expect(try await practice.entry(entries[3]).state == .waiting)
  }

  @Test("on two servers with one database makes one offer of each freed time, to one each")
  func race() async throws {
    let practice = try await TestPractice.make()
    let second = try await SecondServer.start(beside: practice.clinic.server)
    let elsewhere = try second.client()
    try await elsewhere.login(
      company: practice.clinic.company.slug, email: practice.clinic.email,
      password: TestClinic.password)
    var booked: [Appointment] = []
    var entries: [WaitlistEntry] = []
    for index in 0..<8 {
      booked.append(
        try await practice.book(
          try await practice.clinic.patient(), at: practice.time(9 + index)))
    }
    for _ in 0..<10 { entries.append(try await practice.wait(try await practice.clinic.patient())) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, appointment) in booked.enumerated() {
        let client = index % 2 == 0 ? practice.admin : elsewhere
        group.addTask {
          _ = try await client.appointments.cancel(
            CancelAppointmentRequest(
              appointmentID: appointment.appointmentID, cancelledBy: .patient, reason: .cost))
        }
      }
      try await group.waitForAll()
    }
    let offers = try await eventually {
      let offers = try await practice.offers()
      return offers.count >= 8 ? offers : nil
    }
    try await practice.quiet()
    #expect(try await practice.offers().count == 8)
    #expect(Set(offers.map(\.waitlistEntryID)).count == 8)
    #expect(Set(offers.compactMap(\.startTime)) == Set(booked.compactMap(\.startTime)))
    #expect(offers.allSatisfy { $0.state == .open })
    // Each by its turn: the two who came last wait on.
    #expect(try await practice.entry(entries[8]).state == .waiting)
    #expect(try await practice.entry(entries[9]).state == .waiting)
    #expect(try await practice.claims() == 24)
    await elsewhere.close()
    await second.stop()
  }

  @Test("makes an offer whose connection is killed halfway, and makes it once")
  func killedHalfway() async throws {
    let practice = try await TestPractice.make()
    let booked = try await practice.book(try await practice.clinic.patient(), at: practice.time(10))
    let entry = try await practice.wait(try await practice.clinic.patient())
    let id = try #require(UUID(uuidString: entry.waitlistEntryID))
    var configuration = PostgresConfiguration(connectionString: practice.clinic.server.superuser)
    configuration.sharedConnections = 0
    configuration.leasedConnections = 1
    let client = try PostgresClient(
      configuration: configuration,
      logger: Logger(label: "killer", factory: { _ in SwiftLogNoOpLogHandler() }))
    try client.start()
    // Whoever takes the job waits for the entry, with the job taken out of the queue.
    try await client.withTransaction { transaction in
      let own = try await transaction.query("select pg_backend_pid()")
      let pid = try own[0].decode(0, as: Int32.self)
      _ = try await transaction.query(
        "select id from clinic.waitlist_entries where id = \(id) for update")
      try await practice.cancel(booked)
      _ = try await eventually { () -> Bool? in
        let killed = try await practice.clinic.server.inspect(
          """
          select pg_terminate_backend(a.pid) from pg_stat_activity a
          where \(pid) = any(pg_blocking_pids(a.pid))
          """)
        return killed.count > 0 ? true : nil
      }
    }
    await client.shutdown()
    #expect(try await practice.openOffer(entry).startTime == booked.startTime)
    try await practice.quiet()
    #expect(try await practice.offers().count == 1)
    #expect(try await practice.claims() == 3)
  }

  @Test("loses an entry that is removed, and gives its offer to the next")
  func removal() async throws {
    let practice = try await TestPractice.make()
    let (first, _) = try await practice.offer(to: try await practice.clinic.patient())
    let second = try await practice.wait(try await practice.clinic.patient())
    let removed = try await practice.admin.waitlist.removeEntry(
      RemoveWaitlistEntryRequest(waitlistEntryID: first.waitlistEntryID, reason: "moved away"))
    #expect(removed.entry?.state == .removed)
    _ = try await practice.openOffer(second)
    let listed = try await practice.admin.waitlist.listEntries(ListWaitlistEntriesRequest())
    #expect(listed.entries.map(\.waitlistEntryID) == [second.waitlistEntryID])
    let again = await failure {
      _ = try await practice.admin.waitlist.removeEntry(
        RemoveWaitlistEntryRequest(waitlistEntryID: first.waitlistEntryID))
    }
    #expect(again?.code == .failedPrecondition)
  }

  @Test("passes over those who wait for a resource that was retired")
  func retiredResource() async throws {
    let practice = try await TestPractice.make()
    let gone = try await practice.clinic.resource(Resource(kind: .room, name: "Room 0"))
    let booked = try await practice.book(
      try await practice.clinic.patient(), at: practice.time(10), with: [practice.room])
    try await practice.wait(try await practice.clinic.patient()) {
      $0.priority = .urgent
      $0.resourceIds = [gone.resourceID]
    }
    let next = try await practice.wait(try await practice.clinic.patient())
    _ = try await practice.admin.resources.retire(
      RetireResourceRequest(resourceID: gone.resourceID))
    try await practice.cancel(booked)
    #expect(try await practice.openOffer(next).startTime == booked.startTime)
  }

  @Test("offers whoever waits for one of two the time of the one who is left")
  func oneOfTwoRetired() async throws {
    let practice = try await TestPractice.make()
    let gone = try await practice.clinic.practitioner("Dr Noor Haddad")
    let booked = try await practice.book(
      try await practice.clinic.patient(), at: practice.time(10), with: [practice.practitioner])
    let entry = try await practice.wait(try await practice.clinic.patient()) {
      $0.resourceIds = [gone.resourceID, practice.practitioner.resourceID]
    }
    _ = try await practice.admin.resources.retire(
      RetireResourceRequest(resourceID: gone.resourceID))
    try await practice.cancel(booked)
    #expect(try await practice.openOffer(entry).startTime == booked.startTime)
  }

  @Test("offers a time that reaches into the one that was freed, where no other suits")
  func partlyFreed() async throws {
    let practice = try await TestPractice.make()
    let booked = try await practice.book(
      try await practice.clinic.patient(), at: practice.time(10, 15))
    let entry = try await practice.wait(try await practice.clinic.patient()) {
      $0.windows = [
        WaitlistWindow(
          starts: LocalTime(hours: 10), ends: LocalTime(hours: 10, minutes: 30))
      ]
    }
    try await practice.cancel(booked)
    #expect(try await practice.openOffer(entry).startTime == practice.time(10))
  }

  @Test("offers a time to the one whom it suits, behind any number of others")
  func longList() async throws {
    let practice = try await TestPractice.make()
    let other = try await practice.clinic.practitioner("Dr Noor Haddad")
    let otherRoom = try await practice.clinic.resource(Resource(kind: .room, name: "Room 2"))
    let booked = try await practice.book(
      try await practice.clinic.patient(), at: practice.time(10),
      with: [practice.practitioner, practice.room])
    let unsuited = try await practice.wait(try await practice.clinic.patient()) {
      $0.priority = .urgent
      $0.windows = [WaitlistWindow(ends: LocalTime(minutes: 1))]
    }
    let elsewhere = try await practice.wait(try await practice.clinic.patient()) {
      $0.priority = .urgent
      $0.resourceIds = [other.resourceID, otherRoom.resourceID]
    }
    for entry in [unsuited, elsewhere] {
      let id = try #require(UUID(uuidString: entry.waitlistEntryID))
      _ = try await practice.clinic.server.inspect(
        """
        insert into clinic.waitlist_entries
          (company_id, id, patient_id, type_id, resource_ids, windows, rank)
        select company_id, gen_random_uuid(), patient_id, type_id, resource_ids, windows, rank
        from clinic.waitlist_entries, generate_series(1, 600) where id = \(id)
        """)
    }
    let suited = try await practice.wait(try await practice.clinic.patient())
    try await practice.cancel(booked)
    #expect(try await practice.openOffer(suited).startTime == practice.time(10))
  }

  /// What can become of an offer.
  enum Fate: CaseIterable {
    case accepted, acceptedAsAppointment, declined, cancelled, expired
  }

  @Test("tells the change log of all that becomes of an offer", arguments: Fate.allCases)
  func changes(_ fate: Fate) async throws {
    let practice = try await TestPractice.make()
    let (entry, offer) = try await practice.offer(to: try await practice.clinic.patient())
    switch fate {
    case .accepted:
      _ = try await practice.admin.waitlist.acceptOffer(
        AcceptWaitlistOfferRequest(waitlistOfferID: offer.waitlistOfferID))
    case .acceptedAsAppointment:
      _ = try await practice.admin.appointments.accept(
        AcceptAppointmentRequest(appointmentID: offer.appointmentID))
    case .declined:
      _ = try await practice.admin.waitlist.declineOffer(
        DeclineWaitlistOfferRequest(waitlistOfferID: offer.waitlistOfferID))
    case .cancelled:
      _ = try await practice.admin.appointments.cancel(
        CancelAppointmentRequest(
          appointmentID: offer.appointmentID, cancelledBy: .patient, reason: .cost))
    case .expired:
      try await practice.passTime(ofHold: offer.appointmentID)
    }
    let id = try #require(UUID(uuidString: entry.waitlistEntryID))
    let log = try await eventually { () -> [[String]]? in
      let rows = try await practice.clinic.server.inspect(
        """
        select array[action] || fields from clinic.changes
        where resource_type = 'waitlist_entry' and resource_id = \(id) order by sequence
        """)
      return rows.count > 2 ? try (0..<rows.count).map { try rows[$0].decode(0) } : nil
    }
    #expect(log == [["created"], ["offered", "offer", "state"], ["updated", "offer", "state"]])
  }

  @Test("lists by priority and then by who has waited longest, page by page")
  func order() async throws {
    let practice = try await TestPractice.make()
    var expected: [(priority: WaitlistPriority, id: String)] = []
    for priority in [WaitlistPriority.routine, .urgent, .soon, .routine, .urgent, .unspecified] {
      let entry = try await practice.wait(try await practice.clinic.patient()) {
        $0.priority = priority
      }
      expected.append((entry.priority, entry.waitlistEntryID))
    }
    let order = [1, 4, 2, 0, 3, 5].map { expected[$0].id }
    var listed: [String] = []
    var token = ""
    repeat {
      let page = try await practice.admin.waitlist.listEntries(
        ListWaitlistEntriesRequest(pageSize: 2, pageToken: token))
      listed += page.entries.map(\.waitlistEntryID)
      token = page.nextPageToken
    } while !token.isEmpty
    #expect(listed == order)
  }

  @Test("refuses entries that make no sense, and changes what is asked")
  func entries() async throws {
    let practice = try await TestPractice.make()
    let patient = try await practice.clinic.patient()
    let refused: [(String, (inout WaitlistEntry) -> Void)] = [
      (
        "entry.latest_date",
        {
          $0.earliestDate = TestPractice.date(2)
          $0.latestDate = TestPractice.date(1)
        }
      ),
      (
        "entry.earliest_date",
        {
          $0.earliestDate = TestPractice.date()
          $0.earliestDate?.day = 0
        }
      ),
      (
        "entry.windows[0]",
        {
          $0.windows = [
            WaitlistWindow(starts: LocalTime(hours: 12), ends: LocalTime(hours: 12))
          ]
        }
      )
    ]
    for (field, change) in refused {
      let error = await failure { try await practice.wait(patient, change) }
      #expect(error?.fieldViolations.map(\.field) == [field], "\(String(describing: error))")
    }
    let unknown = await failure {
      try await practice.wait(patient) { $0.resourceIds = [UUID().uuidString.lowercased()] }
    }
    #expect(unknown?.code == .notFound)
    let entry = try await practice.wait(patient) { $0.notes = "afternoons" }
    let changed = try await practice.admin.waitlist.updateEntry(
      UpdateWaitlistEntryRequest(
        waitlistEntryID: entry.waitlistEntryID,
        entry: WaitlistEntry(priority: .urgent, noticeMinutes: 60, etag: entry.etag)))
    #expect(changed.entry?.priority == .urgent)
    #expect(changed.entry?.notes == "afternoons")
    #expect(try await practice.entry(entry) == changed.entry)
    let stale = await failure {
      _ = try await practice.admin.waitlist.updateEntry(
        UpdateWaitlistEntryRequest(
          waitlistEntryID: entry.waitlistEntryID, entry: WaitlistEntry(notes: "x", etag: entry.etag)
        ))
    }
    #expect(stale?.code == .aborted)
  }
}

extension TestPractice {
  /// Waits until the servers have nothing to do for the clinic at the moment.
  func quiet() async throws {
    let company = try requireValue(UUID(uuidString: clinic.company.companyID))
    _ = try await eventually { () -> Bool? in
      let due = try await clinic.server.inspect(
        """
        select count(*) from clinic.timers where company_id = \(company) and fires_at <= now()
        """)
      return try due[0].decode(0, as: Int64.self) == 0 ? true : nil
    }
  }
}
