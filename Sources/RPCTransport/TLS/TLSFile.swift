internal import Glibc

/// Small files (certificates and keys), read and written whole; every error names the path.
enum TLSFile {
  /// The largest file that is read, in bytes: system trust stores are about 250 kB.
  static let maximumSize = 16 << 20

  /// Reads a file whole.
  static func read(_ path: String) throws(TLSError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw self.failure("cannot open the file", path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw self.failure("cannot inspect the file", path)
    }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw TLSError(code: .configuration, message: "a folder is no certificate file", path: path)
    }
    var bytes: [UInt8] = []
    while true {
      let chunk = [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
        count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      }
      if chunk.isEmpty { return bytes }
      bytes += chunk
      guard bytes.count <= self.maximumSize else {
        throw TLSError(
          code: .configuration, message: "the file is larger than \(self.maximumSize) bytes",
          path: path)
      }
    }
  }

  /// Writes a file under a temporary name with its final mode, then renames it, so that nobody ever
  /// sees half a file or a key with open permissions.
  static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(TLSError) {
    let temporary = "\(path).\(getpid()).tmp"
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
    guard descriptor >= 0 else { throw self.failure("cannot create the file", path) }
    var failure: TLSError?
    // The creation mode went through the umask.
    if fchmod(descriptor, mode) != 0 { failure = self.failure("cannot set the file's mode", path) }
    var written = 0
    while failure == nil, written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
      }
      if count > 0 {
        written += count
      } else if errno != EINTR {
        failure = self.failure("cannot write the file", path)
      }
    }
    if failure == nil, fsync(descriptor) != 0 {
      failure = self.failure("cannot write the file", path)
    }
    close(descriptor)
    if failure == nil, rename(temporary, path) != 0 {
      failure = self.failure("cannot put the file in its place", path)
    }
    if let failure {
      unlink(temporary)
      throw failure
    }
  }

  /// Makes a folder and its parents; an existing one is left as it is.
  static func makeDirectory(_ path: String, mode: mode_t) throws(TLSError) {
    if mkdir(path, mode) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
      throw self.failure("cannot make the folder", path)
    }
    try self.makeDirectory(String(path[..<slash]), mode: mode)
    guard mkdir(path, mode) == 0 || errno == EEXIST else {
      throw self.failure("cannot make the folder", path)
    }
  }

  static func exists(_ path: String) -> Bool {
    access(path, F_OK) == 0
  }

  private static func failure(_ message: String, _ path: String) -> TLSError {
    let reason = String(cString: strerror(errno))
    return TLSError(code: .configuration, message: "\(message): \(reason)", path: path)
  }
}
