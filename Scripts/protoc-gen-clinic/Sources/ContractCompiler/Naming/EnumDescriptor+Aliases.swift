import SwiftProtobufPluginLibrary

extension EnumDescriptor {
  /// The value with number 0, which a proto3 enum begins with.
  var zero: EnumValueDescriptor { values[0] }
}

extension EnumValueDescriptor {
  /// The value before this one that has the same number, or nil where this is the first.
  var original: EnumValueDescriptor? {
    enumType.values.prefix(index).first { $0.number == number }
  }
}
