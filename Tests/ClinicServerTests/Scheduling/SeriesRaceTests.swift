import ClinicClient
import ClinicContracts
import ClinicServer
import Foundation
import ProtobufRuntime
import RPCCore
import Testing

@Suite("A series while one of its appointments is moved", .serialized)
struct SeriesRaceTests {
  /// Three weeks at nine, of which the second is moved to three while something else is done.
  private func race<Reply: Sendable>(
    _ change: @escaping @Sendable (TestPractice, AppointmentSeries) async throws -> Reply
  ) async throws -> (practice: TestPractice, series: AppointmentSeries, result: RPCError?) {
    let practice = try await TestPractice.make()
    let booked = try await practice.series(
      practice.clinic.patient(), "FREQ=WEEKLY;COUNT=3", at: practice.local(9))
    let series = try #require(booked.series)
    let second = try #require(booked.occurrences[1].appointment)
    let race = try await Overlap(in: practice.clinic) {
      try await practice.admin.appointments.reschedule(
        RescheduleAppointmentRequest(
          appointmentID: second.appointmentID, startTime: practice.time(15, day: 7)))
    } _: {
      try await change(practice, series)
    }
    #expect(race.first.failure == nil)
    return (practice, series, race.second.failure)
  }

  @Test("is cancelled with what took the appointment's place")
  func cancelAll() async throws {
    let (practice, series, error) = try await race { practice, series in
      try await practice.admin.series.cancel(
        CancelAppointmentSeriesRequest(
          appointmentSeriesID: series.appointmentSeriesID, scope: .all, cancelledBy: .clinic,
          reason: .weather))
    }
    #expect(error == nil)
    #expect(try await practice.live(series).isEmpty)
    #expect(try await practice.claims() == 0)
  }

  @Test("is changed with what took the appointment's place, which is not booked twice")
  func updateAll() async throws {
    let (practice, series, error) = try await race { practice, series in
      try await practice.admin.series.update(
        UpdateAppointmentSeriesRequest(
          appointmentSeriesID: series.appointmentSeriesID, scope: .all,
          series: AppointmentSeries(pattern: RecurrencePattern(start: practice.local(11))),
          updateMask: FieldMask(paths: ["pattern.start"])))
    }
    #expect(error == nil)
    #expect(
      try await practice.live(series).map(\.startTime)
        == [0, 7, 14].map { practice.time(11, day: $0) })
    #expect(try await practice.claims() == 9)
  }

  @Test("still has the occurrence, which can be cancelled by itself")
  func cancelThis() async throws {
    let (practice, series, error) = try await race { practice, series in
      try await practice.admin.series.cancel(
        CancelAppointmentSeriesRequest(
          appointmentSeriesID: series.appointmentSeriesID, scope: .this,
          recurrenceTime: practice.time(9, day: 7),
          cancelledBy: .clinic, reason: .weather))
    }
    #expect(error == nil)
    #expect(
      try await practice.live(series).map(\.startTime)
        == [0, 14].map { practice.time(9, day: $0) })
  }

  @Test("waits for moves that follow each other, and misses none")
  func movedAgain() async throws {
    let practice = try await TestPractice.make()
    let booked = try await practice.series(
      practice.clinic.patient(), "FREQ=WEEKLY;COUNT=2", at: practice.local(9))
    let id = booked.series?.appointmentSeriesID ?? ""
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        var last = try requireValue(booked.occurrences[0].appointment)
        for hour in 10..<16 {
          let moved = try? await practice.admin.appointments.reschedule(
            RescheduleAppointmentRequest(
              appointmentID: last.appointmentID, startTime: practice.time(hour)))
          guard let next = moved?.appointment else { return }
          last = next
        }
      }
      group.addTask {
        _ = try await practice.admin.series.cancel(
          CancelAppointmentSeriesRequest(
            appointmentSeriesID: id, scope: .all, cancelledBy: .clinic, reason: .weather))
      }
      try await group.waitForAll()
    }
    #expect(try await practice.live(booked.series).isEmpty)
    #expect(try await practice.claims() == 0)
  }
}
