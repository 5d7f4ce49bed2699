/// A part of a regular expression.
indirect enum PatternNode {
  case take([ClosedRange<UInt32>])
  case sequence([PatternNode])
  case choice([PatternNode])
  case repeated(PatternNode, Int, Int?)
}
