import Text

/// Which logs and witnesses are trusted, and which witnesses together are enough (C2SP
/// tlog-policy, draft of 22 May 2026).
package struct WitnessPolicy: Hashable, Sendable {
    /// A trusted log; its key's name is its origin.
    package struct Log: Hashable, Sendable {
        package let key: VerifierKey
        package let url: String?
    }

    /// A witness under its name in this policy.
    package struct Witness: Hashable, Sendable {
        package let name: PolicyName
        package let key: VerifierKey
        /// Where checkpoints are submitted; nil where the policy is only for checking.
        package let url: String?
    }

    /// Several witnesses or groups, of which at least `threshold` have to agree.
    struct Group: Hashable, Sendable {
        let name: PolicyName
        let threshold: Int
        let members: [PolicyName]
    }

    /// In the order of their lines; no key twice.
    package let logs: [Log]
    /// In the order of their lines; no key and no name twice.
    package let witnesses: [Witness]
    /// In the order of their lines, so that each comes after its members.
    let groups: [Group]
    /// The witness or group that has to agree; nil for `quorum none`.
    package let quorum: PolicyName?

    /// A policy that asks for no witness: `quorum none`.
    package static let none = WitnessPolicy(logs: [], witnesses: [], groups: [], quorum: nil)

    init(logs: [Log], witnesses: [Witness], groups: [Group], quorum: PolicyName?) {
        self.logs = logs
        self.witnesses = witnesses
        self.groups = groups
        self.quorum = quorum
    }

    /// Whether the witnesses among `signers` are enough. Always, for `quorum none`.
    package func isMet(by signers: [VerifierKey]) -> Bool {
        guard let quorum else { return true }
        var agreed = Set(witnesses.filter { signers.contains($0.key) }.map(\.name))
        for group in groups where group.members.count(where: agreed.contains) >= group.threshold {
            agreed.insert(group.name)
        }
        return agreed.contains(quorum)
    }

    /// What this policy says of a signed checkpoint.
    ///
    /// - Throws: ``ProofError``: note (a wrong signature of a known key, none known); no listed log
    ///   among the signers; checkpoint; origin other than the signing log's.
    package func verdict(on note: SignedNote) throws(ProofError) -> PolicyVerdict {
        let signers: [VerifierKey]
        do {
            signers = try note.verified(by: logs.map(\.key) + witnesses.map(\.key))
        } catch {
            throw .note(error)
        }
        let signing = logs.map(\.key).filter(signers.contains)
        guard !signing.isEmpty else { throw .notSignedByLog }
        guard let checkpoint = Checkpoint(body: note.text) else { throw .checkpoint }
        guard signing.contains(where: { $0.name.hasSameBytes(as: checkpoint.origin) }) else {
            throw .origin(found: checkpoint.origin)
        }
        return PolicyVerdict(
            checkpoint: checkpoint,
            witnesses: witnesses.filter { signers.contains($0.key) },
            isMet: isMet(by: signers))
    }
}

/// What a policy says of a checkpoint that a listed log has signed.
package struct PolicyVerdict: Hashable, Sendable {
    package let checkpoint: Checkpoint
    /// Those that cosigned it, in the order of the policy.
    package let witnesses: [WitnessPolicy.Witness]
    /// Whether they are enough.
    package let isMet: Bool
}

/// A name within a policy file: bytes without white space, compared as they are.
package struct PolicyName: Hashable, Sendable {
    package let bytes: [UInt8]

    init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }

    /// For people; bytes that are no UTF-8 are replaced.
    package var text: String { String(decoding: bytes, as: UTF8.self) }
}
