internal import FoundationEssentials
internal import Glibc

/// The few file operations that the embedded database needs, with errors in words.
enum Files {
  /// The words of the last failed system call of this thread.
  static var lastError: String { String(cString: strerror(errno)) }

  /// What a path leads to, or nil.
  static func status(_ path: String, followingLinks: Bool = true) -> stat? {
    var status = stat()
    let result = followingLinks ? stat(path, &status) : lstat(path, &status)
    return result == 0 ? status : nil
  }

  static func isDirectory(_ path: String) -> Bool {
    guard let status = status(path) else { return false }
    return status.st_mode & S_IFMT == S_IFDIR
  }

  /// The whole of a small file as text, or nil.
  static func text(_ path: String) -> String? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    return String(decoding: data, as: UTF8.self)
  }

  /// The names in a folder, in order; none where it cannot be read.
  static func names(in path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  /// A path without symbolic links, or nil where it leads nowhere.
  static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// What a symbolic link says, or nil.
  static func linkTarget(_ path: String) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX) + 1) { buffer in
      guard let base = buffer.baseAddress else { return nil }
      let length = readlink(path, base, Int(PATH_MAX))
      guard length > 0 else { return nil }
      base[length] = 0
      return String(cString: base)
    }
  }

  static func absolutePath(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
  }

  /// Makes a folder and those above it where they are missing, and returns its real path.
  ///
  /// A folder that root makes can be entered, not read, by others: the database works in it as an
  /// unprivileged user. One that anybody else makes is their own.
  static func makeDirectory(_ path: String) throws(ServerStartupError) -> String {
    let absolute = absolutePath(path)
    let mode: mode_t = geteuid() == 0 ? 0o711 : 0o700
    var prefix = ""
    for part in absolute.split(separator: "/") {
      prefix += "/" + part
      if mkdir(prefix, mode) != 0, !isDirectory(prefix) {
        throw ServerStartupError(
          .dataDirectoryUnusable, "Cannot make the folder \(prefix): \(lastError).")
      }
    }
    guard let real = realPath(absolute) else {
      throw ServerStartupError(
        .dataDirectoryUnusable, "Cannot enter the folder \(absolute): \(lastError).")
    }
    return real
  }

  /// Makes a folder that only `account` may enter, or makes an existing one so.
  static func makePrivateDirectory(
    _ path: String, for account: PostgresAccount
  ) throws(ServerStartupError) {
    guard mkdir(path, 0o700) == 0 || isDirectory(path) else {
      throw ServerStartupError(
        .dataDirectoryUnusable, "Cannot make the folder \(path): \(lastError).")
    }
    guard let status = status(path, followingLinks: false), status.st_mode & S_IFMT == S_IFDIR
    else {
      throw ServerStartupError(.dataDirectoryUnusable, "\(path) is not a folder.")
    }
    try give(path, to: account)
    guard chmod(path, 0o700) == 0 else {
      throw ServerStartupError(
        .dataDirectoryUnusable, "Cannot make the folder \(path) private: \(lastError).")
    }
  }

  /// Makes `account` the owner of a file or folder.
  static func give(_ path: String, to account: PostgresAccount) throws(ServerStartupError) {
    guard let status = status(path, followingLinks: false) else {
      throw ServerStartupError(.dataDirectoryUnusable, "Cannot find \(path): \(lastError).")
    }
    if status.st_uid == account.userID { return }
    guard lchown(path, account.userID, account.groupID) == 0 else {
      throw ServerStartupError(
        .dataDirectoryUnusable,
        "\(path) belongs to another user than \(account.name): \(lastError).")
    }
  }

  /// Replaces a file at once: a reader sees the old text or the new one.
  static func replace(
    _ path: String, with text: String, for account: PostgresAccount
  ) throws(ServerStartupError) {
    let new = path + ".new"
    unlink(new)
    let descriptor = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw ServerStartupError(.dataDirectoryUnusable, "Cannot write \(new): \(lastError).")
    }
    let bytes = Array(text.utf8)
    let written = write(descriptor, bytes, bytes.count)
    let synced = fsync(descriptor)
    close(descriptor)
    guard written == bytes.count, synced == 0 else {
      throw ServerStartupError(.dataDirectoryUnusable, "Cannot write \(new): \(lastError).")
    }
    try give(new, to: account)
    guard rename(new, path) == 0 else {
      throw ServerStartupError(.dataDirectoryUnusable, "Cannot replace \(path): \(lastError).")
    }
  }

  /// Makes the names in a folder durable.
  static func sync(directory path: String) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
