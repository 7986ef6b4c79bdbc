import Foundation
import Glibc

/// A file system in a file, mounted through a loop device, whose power can be cut.
final class LoopVolume {
    enum Kind: String, CaseIterable { case ext4, xfs }

    let mountPoint: String
    private let image: String
    private var isMounted = false

    /// - Throws: ``Skipped`` where mounting is not allowed or a tool is missing.
    init(_ kind: Kind, in folder: String) throws {
        guard getuid() == 0 else { throw Skipped(reason: "mounting needs root") }
        guard isInstalled("mkfs.\(kind.rawValue)") else {
            throw Skipped(reason: "mkfs.\(kind.rawValue) is not installed")
        }
        (mountPoint, image) = ("\(folder)/volume", "\(folder)/volume.img")
        try FileManager.default.createDirectory(
            atPath: mountPoint, withIntermediateDirectories: true)
        try shell("truncate", "-s", "2G", image)
        try shell("mkfs.\(kind.rawValue)", "-q", image)
        do { try mount() } catch { throw Skipped(reason: "a loop mount is not allowed: \(error)") }
    }

    deinit {
        if isMounted { umount2(mountPoint, Int32(MNT_DETACH)) }
    }

    private func mount() throws {
        try shell("mount", "-o", "loop", image, mountPoint)
        isMounted = true
    }

    /// From here on nothing reaches the disk, and what was not there yet is lost.
    func cutPower() throws {
        let descriptor = open(mountPoint, O_RDONLY | O_DIRECTORY)
        defer { Glibc.close(descriptor) }
        // _IOR('X', 125, __u32), the same for ext4 and xfs; 2 leaves the log unflushed.
        var flags: UInt32 = 2
        guard ioctl(descriptor, 0x8004_587D, &flags) == 0 else {
            throw Skipped(reason: "this file system cannot be shut down")
        }
    }

    /// Mounts it again, as after the power came back.
    func restore() throws {
        try shell("umount", mountPoint)
        isMounted = false
        try mount()
    }
}
