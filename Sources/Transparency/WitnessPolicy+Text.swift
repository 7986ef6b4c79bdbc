extension WitnessPolicy {
    /// A policy file that trusts the keys of one log alone and asks for the same witnesses; reading
    /// it gives the same witnesses, groups and quorum.
    package func text(for keys: [VerifierKey]) -> String {
        var lines = keys.map { "log \($0.text)" }
        lines += witnesses.map { witness in
            "witness \(witness.name.text) \(witness.key.text)"
                + (witness.url.map { " \($0)" } ?? "")
        }
        lines += groups.map { group in
            let members = group.members.map(\.text).joined(separator: " ")
            return "group \(group.name.text) \(group.threshold) \(members)"
        }
        lines.append("quorum \(quorum?.text ?? "none")")
        return lines.map { "\($0)\n" }.joined()
    }
}
