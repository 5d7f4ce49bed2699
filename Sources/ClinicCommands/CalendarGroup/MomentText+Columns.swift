extension MomentText {
  /// A column of a timestamp, on the clinic's clock.
  func column(_ title: String, _ name: String) -> TableColumn {
    TableColumn(title, isFlexible: false) { text(ofTimestamp: $0[name]) }
  }
}
