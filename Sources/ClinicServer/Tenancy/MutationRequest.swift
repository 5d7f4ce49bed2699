package import ClinicContracts
package import ProtobufRuntime

/// A request that changes something: takes effect once per request id, and can be tried out.
///
/// The contract compiler's lint sees to it that every method with `IDEMPOTENCY_REQUEST_ID` has both
/// fields; a handler reaches the database for writing only with such a request.
package protocol MutationRequest: Message {
  /// A UUID chosen by the caller; empty where a retry may take effect again.
  var requestID: String { get }

  /// Checks the request and changes nothing.
  var validateOnly: Bool { get }
}

extension CreateCompanyRequest: MutationRequest {}
extension SuspendCompanyRequest: MutationRequest {}
extension ResumeCompanyRequest: MutationRequest {}
extension UpdateMyCompanyRequest: MutationRequest {}
extension CreateRoleRequest: MutationRequest {}
extension UpdateRoleRequest: MutationRequest {}
extension DeleteRoleRequest: MutationRequest {}
extension CreateStaffRequest: MutationRequest {}
extension UpdateStaffRequest: MutationRequest {}
extension DeactivateStaffRequest: MutationRequest {}
extension ReactivateStaffRequest: MutationRequest {}
extension ResetStaffPasswordRequest: MutationRequest {}
extension CreateServiceAccountRequest: MutationRequest {}
extension UpdateServiceAccountRequest: MutationRequest {}
extension DeactivateServiceAccountRequest: MutationRequest {}
extension ReactivateServiceAccountRequest: MutationRequest {}
extension CreateApiKeyRequest: MutationRequest {}
extension UpdateApiKeyRequest: MutationRequest {}
extension RotateApiKeyRequest: MutationRequest {}
extension RevokeApiKeyRequest: MutationRequest {}
extension RevokeSessionRequest: MutationRequest {}
extension RevokeStaffSessionsRequest: MutationRequest {}
extension CreatePatientRequest: MutationRequest {}
extension UpdatePatientRequest: MutationRequest {}
extension ArchivePatientRequest: MutationRequest {}
extension RestorePatientRequest: MutationRequest {}
extension DeletePatientRequest: MutationRequest {}
extension CreateResourceRequest: MutationRequest {}
extension UpdateResourceRequest: MutationRequest {}
extension RetireResourceRequest: MutationRequest {}
extension ReinstateResourceRequest: MutationRequest {}
extension CreateAppointmentTypeRequest: MutationRequest {}
extension UpdateAppointmentTypeRequest: MutationRequest {}
extension RetireAppointmentTypeRequest: MutationRequest {}
extension ReinstateAppointmentTypeRequest: MutationRequest {}
extension CreateAvailabilityExceptionRequest: MutationRequest {}
extension DeleteAvailabilityExceptionRequest: MutationRequest {}
extension RequestAppointmentRequest: MutationRequest {}
extension HoldAppointmentRequest: MutationRequest {}
extension BookAppointmentRequest: MutationRequest {}
extension OverbookAppointmentRequest: MutationRequest {}
extension AcceptAppointmentRequest: MutationRequest {}
extension ConfirmAppointmentRequest: MutationRequest {}
extension RescheduleAppointmentRequest: MutationRequest {}
extension CancelAppointmentRequest: MutationRequest {}
extension ArriveAppointmentRequest: MutationRequest {}
extension CheckInAppointmentRequest: MutationRequest {}
extension StartAppointmentRequest: MutationRequest {}
extension CompleteAppointmentRequest: MutationRequest {}
extension MarkAppointmentNoShowRequest: MutationRequest {}
extension MarkAppointmentLeftBeforeSeenRequest: MutationRequest {}
extension MarkAppointmentEnteredInErrorRequest: MutationRequest {}
extension CreateAppointmentSeriesRequest: MutationRequest {}
extension UpdateAppointmentSeriesRequest: MutationRequest {}
extension CancelAppointmentSeriesRequest: MutationRequest {}
extension CreateWaitlistEntryRequest: MutationRequest {}
extension UpdateWaitlistEntryRequest: MutationRequest {}
extension RemoveWaitlistEntryRequest: MutationRequest {}
extension AcceptWaitlistOfferRequest: MutationRequest {}
extension DeclineWaitlistOfferRequest: MutationRequest {}
extension CreateCalendarFeedRequest: MutationRequest {}
extension RevokeCalendarFeedRequest: MutationRequest {}
extension UpdateCompanyLimitsRequest: MutationRequest {}
