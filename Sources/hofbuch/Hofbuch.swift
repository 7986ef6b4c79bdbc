import ArgumentParser
import AsyncHTTPClient
import Crypto
import GRDB
import Hummingbird
import HummingbirdTLS
import Logging
import Mustache
import ServiceLifecycle

@main
struct Hofbuch: AsyncParsableCommand {
    func run() async throws {}
}
