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
extension RevokeSessionRequest: MutationRequest {}
extension RevokeStaffSessionsRequest: MutationRequest {}
extension CreatePatientRequest: MutationRequest {}
extension UpdatePatientRequest: MutationRequest {}
extension ArchivePatientRequest: MutationRequest {}
extension RestorePatientRequest: MutationRequest {}
extension DeletePatientRequest: MutationRequest {}
