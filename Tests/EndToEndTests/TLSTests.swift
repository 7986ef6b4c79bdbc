import Foundation
import NIOHTTP1
import Testing
import Text

/// A server that everybody reaches by TLS, or at an IPv6 address, and the commands beside it.
struct TLSTests {
    /// A certificate that signs itself and names another host than the address in use.
    private func certificate(in folder: String) async throws {
        let made = try RunningProgram(
            path: "/usr/bin/openssl",
            arguments: [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-nodes", "-keyout", "key.pem", "-out", "chain.pem", "-days", "30", "-subj",
                "/CN=hofbuch.musterstadt.example",
            ], folder: folder)
        guard await made.ended() == 0 else { throw Unexpected(try made.errors()) }
    }

    /// A server with that certificate, and its port.
    private func serve(_ town: Town, in folder: String) async throws -> (RunningProgram, Substring)
    {
        try await certificate(in: folder)
        let server = try Program.start(
            [
                "serve", "--data", town.data, "--port", "0", "--tls-certificate", "chain.pem",
                "--tls-key", "key.pem",
            ], in: folder)
        return (
            server, try await server.wait(for: /Console: https:\/\/127\.0\.0\.1:([0-9]+)\//).1
        )
    }

    @Test func `an office command works beside a server with a certificate of its own`()
        async throws
    {
        try await withFolder { folder in
            let town = try await Town.found(in: folder)
            let (server, port) = try await serve(town, in: folder)
            let address = try String(contentsOfFile: town.data + "/address", encoding: .utf8)

            let people = try await Program.run(
                [
                    "user", "list", "--data", town.data, "--as", "clara", "--password-file",
                    "\(folder)/clara.password",
                ], in: folder)

            #expect(people.status == 0, "\(people.errors)")
            #expect(people.output.contains("anna  anna  cashier"))
            // Another port than that of TLS, for this machine alone.
            #expect(address.hasPrefix("http://127.0.0.1:"))
            #expect(!address.hasSuffix(":\(port)"))
            server.terminate()
            #expect(await server.ended() == 0)
        }
    }

    @Test func `a new terminal that does not trust the certificate is told so`() async throws {
        try await withFolder { folder in
            let (server, port) = try await serve(try await Town.found(in: folder), in: folder)

            let refused = try await Program.run(
                [
                    "terminal", "enrol", "--folder", "kasse", "--server",
                    "https://127.0.0.1:\(port)", String(repeating: "0", count: 32),
                ], in: folder)

            #expect(refused.status == 69, "\(refused.errors)")
            let words = "Dieses Gerät vertraut dem Zertifikat des Servers nicht."
            #expect(refused.errors.contains(words), "\(refused.errors)")
            server.terminate()
            #expect(await server.ended() == 0)
        }
    }

    @Test func `a key that is not the certificate's is said before anything is opened`()
        async throws
    {
        try await withFolder { folder in
            try await certificate(in: folder)
            let other = try RunningProgram(
                path: "/usr/bin/openssl",
                arguments: [
                    "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                    "-out", "other.pem",
                ], folder: folder)
            #expect(await other.ended() == 0)

            let refused = try await Program.run(
                [
                    "serve", "--data", "data", "--port", "0", "--tls-certificate", "chain.pem",
                    "--tls-key", "other.pem",
                ], in: folder)

            #expect(refused.status == 78, "\(refused.errors)")
            let words = "hofbuch: other.pem is not the key of the certificate in chain.pem"
            #expect(refused.errors.hasPrefix(words), "\(refused.errors)")
        }
    }

    static var hasIPv6: Bool {
        let data = FileManager.default.contents(atPath: "/proc/net/if_inet6") ?? Data()
        return String(decoding: data, as: UTF8.self).contains(
            "00000000000000000000000000000001 ")
    }

    @Test(.enabled(if: hasIPv6))
    func `an IPv6 address is announced as a browser takes it`() async throws {
        try await withFolder { folder in
            let town = try await Town.found(in: folder)
            let server = try Program.start(
                ["serve", "--data", town.data, "--host", "::1", "--port", "0"], in: folder)
            let said = try await server.wait(for: /Console: (http:\/\/\[::1\]:[0-9]+)\//)

            let ready = try await Line(base: String(said.1)).json(.GET, "/readyz")

            #expect(ready["status"]?.string == "ready")
            try await Program.succeed(
                [
                    "user", "list", "--data", town.data, "--as", "clara", "--password-file",
                    "\(folder)/clara.password",
                ], in: folder)
            server.terminate()
            #expect(await server.ended() == 0)
        }
    }
}
