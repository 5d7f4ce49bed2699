internal import Glibc

/// Files that only their owner reads (mode 0600), in folders that only their owner enters (0700).
package enum PrivateFiles {
  /// Makes the folder and those above it, for its owner only.
  ///
  /// - Parameter isOurs: The folder holds nothing but this tool's files, so it is taken away from
  ///   everybody else also where it exists.
  package static func makeFolder(_ path: String, isOurs: Bool = true) throws {
    var partial = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      partial += part
      if mkdir(partial, 0o700) != 0, errno != EEXIST, errno != EISDIR {
        throw SystemError.last("making the folder \(partial)")
      }
      partial += "/"
    }
    guard !isOurs || chmod(path, 0o700) == 0 else {
      throw SystemError.last("protecting the folder \(path)")
    }
  }

  /// Replaces the file by one with `content`, so that a reader sees the old or the new one whole,
  /// and a crash leaves one of them.
  package static func replace(_ path: String, with content: String) throws {
    let temporary = path + ".\(getpid()).\(UInt32.random(in: 0...UInt32.max))"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SystemError.last("writing \(path)") }
    do {
      defer { close(descriptor) }
      try FileDescriptorOutput.write(Array(content.utf8), to: descriptor)
      guard fsync(descriptor) == 0 else { throw SystemError.last("writing \(path)") }
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, path) == 0 else {
      let error = SystemError.last("writing \(path)")
      unlink(temporary)
      throw error
    }
  }

  /// The file's text; nil where there is no such file.
  ///
  /// - Throws: ``CommandFailure`` where others may read a file that holds secrets.
  package static func read(_ path: String, isSecret: Bool) throws -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw SystemError.last("reading \(path)")
    }
    defer { close(descriptor) }
    var status = stat()
    if isSecret, fstat(descriptor, &status) == 0, status.st_mode & 0o077 != 0 {
      throw CommandFailure(
        "others may read \(path)",
        hint: "run chmod 600 \(path), or delete it and begin anew")
    }
    let bytes = try FileDescriptorInput(descriptor).readAll(limit: 1 << 20)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Deletes the file; false where there was none.
  @discardableResult
  package static func delete(_ path: String) throws -> Bool {
    if unlink(path) == 0 { return true }
    guard errno == ENOENT || errno == ENOTDIR else { throw SystemError.last("deleting \(path)") }
    return false
  }

  /// Deletes the folder where it is empty.
  package static func removeFolder(_ path: String) {
    rmdir(path)
  }

  /// The permission bits of a file or folder; nil where there is none.
  package static func mode(_ path: String) -> UInt32? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o777 : nil
  }

  /// The names in a folder, sorted; none where there is no such folder.
  package static func names(in path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}
