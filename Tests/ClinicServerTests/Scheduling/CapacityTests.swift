import ClinicClient
import ClinicContracts
import ClinicServer
import Foundation
import PostgresClient
import ProtobufRuntime
import RPCCore
import Testing

@Suite("Resources that take several appointments at a time")
struct CapacityTests {
  private func book(
    _ practice: TestPractice, _ hour: Int, _ minute: Int = 0, minutes: Int32
  ) async throws -> Appointment {
    var new = practice.new(try await practice.clinic.patient(), at: practice.time(hour, minute))
    new.lengthMinutes = minutes
    let reply = try await practice.admin.appointments.book(BookAppointmentRequest(appointment: new))
    return try requireValue(reply.appointment)
  }

  /// The most claims of the practice's room that stand at one moment, by the database's account.
  private func depth(_ practice: TestPractice) async throws -> Int64 {
    let room = try requireValue(UUID(uuidString: practice.room.resourceID))
    let rows = try await practice.clinic.server.inspect(
      """
      select coalesce(max((select count(*) from clinic.appointment_claims o
        where o.claimant_id = c.claimant_id and o.starts_at <= c.starts_at
        and o.ends_at > c.starts_at)), 0)
      from clinic.appointment_claims c where c.claimant_id = \(room)
      """)
    return try rows[0].decode(0)
  }

  @Test("take whoever has a place at every moment, whoever came and went before")
  func fragmented() async throws {
    let practice = try await TestPractice.make(capacity: 2)
    let first = try await book(practice, 9, minutes: 60)
    _ = try await book(practice, 9, minutes: 30)
    try await practice.cancel(first)
    let half = try await book(practice, 9, 30, minutes: 30)
    let slots = try await practice.admin.appointments.findSlots(
      FindSlotsRequest(
        appointmentTypeID: practice.type.appointmentTypeID, fromTime: practice.time(9),
        untilTime: practice.time(10),
        lengthMinutes: 60))
    #expect(slots.slots.map(\.startTime) == [practice.time(9)])
    // At any moment at most one is there.
    let last = try await book(practice, 9, minutes: 60)
    #expect(last.startTime == practice.time(9))
    for (hour, minute) in [(9, 0), (9, 30), (9, 45)] {
      let error = await failure { _ = try await book(practice, hour, minute, minutes: 15) }
      #expect(error?.reason == "SLOT_TAKEN")
      #expect(error?.conflict?.conflicts.isEmpty == false)
    }
    // What was moved between lanes is freed as ever.
    try await practice.cancel(half)
    _ = try await book(practice, 9, 30, minutes: 30)
    #expect(try await depth(practice) == 2)
  }

  @Test("take and refuse as counting does, whatever is booked and cancelled", arguments: 0..<4)
  func model(_ seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    let practice = try await TestPractice.make(capacity: 3)
    var live: [(appointment: Appointment, slots: Range<Int>)] = []
    for step in 0..<60 {
      if random.next(below: 4) == 0, !live.isEmpty {
        let gone = live.remove(at: random.next(below: live.count))
        try await practice.cancel(gone.appointment)
        continue
      }
      let start = random.next(below: 14)
      let slots = start..<(start + 1 + random.next(below: 6))
      let isFree = slots.allSatisfy { slot in
        live.filter { $0.slots.contains(slot) }.count < 3
      }
      do {
        let minutes = slots.lowerBound * 15
        let booked = try await book(
          practice, 9 + minutes / 60, minutes % 60, minutes: Int32(slots.count * 15))
        #expect(isFree, "seed \(seed), step \(step): \(slots) is not free")
        live.append((booked, slots))
      } catch let error as RPCError {
        #expect(!isFree && error.reason == "SLOT_TAKEN", "seed \(seed), step \(step): \(error)")
      }
    }
    #expect(try await practice.claims() == Int64(live.count * 3))
  }

  @Test("are never overfull, and never lose or keep time, in a race of bookings and cancellations")
  func race() async throws {
    let practice = try await TestPractice.make(capacity: 3)
    let live = try await withThrowingTaskGroup(of: Int.self) { group in
      for share in 0..<8 {
        group.addTask {
          var random = SeededGenerator(seed: UInt64(share))
          var booked: [Appointment] = []
          for _ in 0..<15 {
            if random.next(below: 3) == 0, let gone = booked.popLast() {
              try await practice.cancel(gone)
              continue
            }
            do {
              let minute = 15 * random.next(below: 10)
              booked.append(
                try await book(
                  practice, 9 + minute / 60, minute % 60,
                  minutes: Int32(15 * (1 + random.next(below: 5)))))
            } catch let error as RPCError where error.reason == "SLOT_TAKEN" {
              continue
            }
          }
          return booked.count
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(try await depth(practice) <= 3)
    #expect(try await practice.claims() == Int64(live * 3))
  }
}
