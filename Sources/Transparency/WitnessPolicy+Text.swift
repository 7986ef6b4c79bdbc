extension WitnessPolicy {
    /// A policy file that trusts `log` alone and asks for the same witnesses; reading it gives the
    /// same witnesses, groups and quorum.
    package func text(for log: VerifierKey) -> String {
        var lines = ["log \(log.text)"]
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
