internal import ClinicContracts
internal import ProtobufRuntime
internal import RPCCore

/// Finds services, methods, messages and enums of the contracts by their names.
struct ContractCatalogue: Sendable {
  /// The contracts of the clinic.
  static let shared = ContractCatalogue()

  /// The services in the order of their files.
  var services: [ServiceDescriptor] { ClinicContracts.services }

  /// All methods.
  var methods: [MethodDescriptor] { services.flatMap(\.methods) }

  /// The messages in the order of their files.
  let messages: [MessageDescriptor] = ClinicContracts.messages.map { $0.descriptor }

  /// The enums in the order of their files.
  let enumerations: [EnumDescriptor] = [
    DayOfWeek.descriptor, CompanyState.descriptor, PatientState.descriptor, Sex.descriptor,
    NameUse.descriptor, IdentifierType.descriptor, ContactKind.descriptor, ContactUse.descriptor,
    ConsentKind.descriptor, ConsentDecision.descriptor, PatientOrder.descriptor,
    MatchReason.descriptor,
    StaffState.descriptor,
    ResourceKind.descriptor, ResourceState.descriptor, AppointmentTypeState.descriptor,
    AvailabilityExceptionKind.descriptor, AppointmentStatus.descriptor, CancelledBy.descriptor,
    CancellationReason.descriptor, CalendarView.descriptor, AppointmentOrder.descriptor,
    AppointmentSeriesState.descriptor, AppointmentSeriesEndReason.descriptor,
    SeriesScope.descriptor, CalendarFeedDetail.descriptor,
    WaitlistPriority.descriptor, WaitlistEntryState.descriptor, WaitlistOfferState.descriptor,
    ChangeOrder.descriptor, ChainFaultKind.descriptor, NoteKind.descriptor, NoteState.descriptor,
    FollowUpPriority.descriptor, FollowUpState.descriptor, FollowUpMissedTime.descriptor,
    FollowUpOutcome.descriptor, WebhookState.descriptor, WebhookDisableReason.descriptor,
    WebhookDeliveryState.descriptor, WebhookFailure.descriptor, AccountKind.descriptor,
    ServiceAccountState.descriptor, ApiKeyState.descriptor
  ]

  private let messagesByName: [String: MessageDescriptor]
  private let enumerationsByName: [String: EnumDescriptor]

  private init() {
    messagesByName = Dictionary(messages.map { ($0.fullName, $0) }) { first, _ in first }
    enumerationsByName = Dictionary(enumerations.map { ($0.fullName, $0) }) { first, _ in first }
  }

  /// The message with a full name, well-known types included.
  func message(_ fullName: String) -> MessageDescriptor? {
    messagesByName[fullName] ?? TypeRegistry.wellKnown.type(named: fullName)?.descriptor
  }

  /// The enum with a full name.
  func enumeration(_ fullName: String) -> EnumDescriptor? {
    enumerationsByName[fullName]
  }

  /// The method that a user names: `clinic.v1.PatientService/GetPatient`, the same without the
  /// package, with a dot, or `GetPatient` alone.
  func method(_ name: String) throws(CommandFailure) -> MethodDescriptor {
    let wanted = Self.key(name)
    if let method = methods.first(where: { method in
      Self.key(method.path) == wanted || Self.key(method.path).hasSuffix("." + wanted)
    }) {
      return method
    }
    let known = methods.map(\.path) + methods.map(\.name)
    throw .usage(
      "the contracts have no method '\(name)'",
      hint: Suggestions.nearest(to: name, among: known).map { "did you mean '\($0)'?" }
        ?? "clinicctl describe lists them")
  }

  /// A name in lower case with dots only.
  static func key(_ name: String) -> String {
    String(name.lowercased().map { $0 == "/" ? "." : $0 })
  }
}
