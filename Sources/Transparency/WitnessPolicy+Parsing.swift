import Signing
import Text

extension WitnessPolicy {
    /// A longer file is refused.
    package static let byteCountMax = 1_000_000

    /// The policy that the file `bytes` says.
    ///
    /// - Throws: ``PolicyError`` with the first line at fault; a missing quorum last.
    package static func parse(_ bytes: [UInt8]) throws(PolicyError) -> WitnessPolicy {
        guard bytes.count <= byteCountMax else { throw PolicyError(.size, line: 1) }
        var reader = PolicyReader()
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        guard lines.removeLast().isEmpty else { throw PolicyError(.lineEnd, line: lines.count + 1) }
        for line in lines { try reader.read(line) }
        return try reader.policy()
    }
}

/// Why bytes are no policy file.
package struct PolicyError: Error, Hashable, Sendable {
    /// What is wrong with a line. The raw values are stable.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// The file is longer than ``WitnessPolicy/byteCountMax``.
        case size = "policy-size"
        /// The last line does not end.
        case lineEnd = "policy-line-end"
        /// A control character other than a tab.
        case character = "policy-character"
        /// Not one of the four kinds of lines, or with too few or too many words.
        case form = "policy-form"
        /// The key is none, or none of a log in a log line, of a witness in a witness line.
        case key = "policy-key"
        /// The same public key stands in another line of this kind.
        case keyTwice = "policy-key-twice"
        /// The name is defined already, or is `none`.
        case nameTaken = "policy-name-taken"
        /// No line before this one defines the name.
        case nameUnknown = "policy-name-unknown"
        /// The name is a member of a group already.
        case memberTwice = "policy-member-twice"
        /// Neither `all`, `any` nor a number from 1 to the count of members.
        case threshold = "policy-threshold"
        /// A second quorum line.
        case quorumTwice = "policy-quorum-twice"
        /// No quorum line at all.
        case quorumMissing = "policy-quorum-missing"
    }

    package let code: Code
    /// Counted from 1.
    package let line: Int

    init(_ code: Code, line: Int) {
        self.code = code
        self.line = line
    }
}

extension PolicyError: CustomStringConvertible {
    package var description: String { "line \(line): \(code.rawValue)" }
}

/// Reads one line after another.
private struct PolicyReader {
    private var number = 0
    private var logs: [WitnessPolicy.Log] = []
    private var witnesses: [WitnessPolicy.Witness] = []
    private var groups: [WitnessPolicy.Group] = []
    private var defined: Set<PolicyName> = []
    private var members: Set<PolicyName> = []
    private var quorum: PolicyName??

    private typealias Words = [ArraySlice<UInt8>]
    private static let none = PolicyName("none".utf8)

    func policy() throws(PolicyError) -> WitnessPolicy {
        guard let quorum else { throw error(.quorumMissing) }
        return WitnessPolicy(logs: logs, witnesses: witnesses, groups: groups, quorum: quorum)
    }

    mutating func read(_ line: ArraySlice<UInt8>) throws(PolicyError) {
        number += 1
        guard line.allSatisfy({ $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }) else {
            throw error(.character)
        }
        let words = line.split { $0 == 0x20 || $0 == 0x09 }
        guard let first = words.first, first.first != UInt8(ascii: "#") else { return }
        let rest = Array(words.dropFirst())
        switch String(decoding: first, as: UTF8.self) {
        case "log": try readLog(rest)
        case "witness": try readWitness(rest)
        case "group": try readGroup(rest)
        case "quorum": try readQuorum(rest)
        default: throw error(.form)
        }
    }

    private mutating func readLog(_ words: Words) throws(PolicyError) {
        guard (1...2).contains(words.count) else { throw error(.form) }
        let key = try key(words[0], .note)
        guard !logs.contains(where: { $0.key.key == key.key }) else { throw error(.keyTwice) }
        logs.append(.init(key: key, url: words.dropFirst().first.map(text)))
    }

    private mutating func readWitness(_ words: Words) throws(PolicyError) {
        guard (2...3).contains(words.count) else { throw error(.form) }
        let name = try newName(words[0])
        let key = try key(words[1], .cosignature)
        guard !witnesses.contains(where: { $0.key.key == key.key }) else { throw error(.keyTwice) }
        witnesses.append(.init(name: name, key: key, url: words.dropFirst(2).first.map(text)))
        defined.insert(name)
    }

    private mutating func readGroup(_ words: Words) throws(PolicyError) {
        guard words.count >= 3 else { throw error(.form) }
        let name = try newName(words[0])
        var listed: [PolicyName] = []
        for word in words.dropFirst(2) {
            let member = try knownName(word)
            guard members.insert(member).inserted else { throw error(.memberTwice) }
            listed.append(member)
        }
        let threshold = try threshold(words[1], of: listed.count)
        groups.append(.init(name: name, threshold: threshold, members: listed))
        defined.insert(name)
    }

    private mutating func readQuorum(_ words: Words) throws(PolicyError) {
        guard words.count == 1 else { throw error(.form) }
        guard quorum == nil else { throw error(.quorumTwice) }
        let isNone = PolicyName(words[0]) == Self.none
        quorum = .some(isNone ? nil : try knownName(words[0]))
    }

    private func threshold(_ word: ArraySlice<UInt8>, of count: Int) throws(PolicyError) -> Int {
        switch text(word) {
        case "any": return 1
        case "all": return count
        case let digits:
            guard let number = DecimalText.decode(digits), (1...Int64(count)).contains(number)
            else { throw error(.threshold) }
            return Int(number)
        }
    }

    private func newName(_ word: ArraySlice<UInt8>) throws(PolicyError) -> PolicyName {
        let name = PolicyName(word)
        guard !defined.contains(name), name != Self.none else { throw error(.nameTaken) }
        return name
    }

    private func knownName(_ word: ArraySlice<UInt8>) throws(PolicyError) -> PolicyName {
        let name = PolicyName(word)
        guard defined.contains(name) else { throw error(.nameUnknown) }
        return name
    }

    private func key(_ word: ArraySlice<UInt8>, _ kind: VerifierKey.Kind) throws(PolicyError)
        -> VerifierKey
    {
        guard let text = String(validating: word, as: UTF8.self), let key = VerifierKey(text),
            key.kind == kind
        else { throw error(.key) }
        return key
    }

    private func text(_ word: ArraySlice<UInt8>) -> String { String(decoding: word, as: UTF8.self) }

    private func error(_ code: PolicyError.Code) -> PolicyError {
        PolicyError(code, line: max(1, number))
    }
}
