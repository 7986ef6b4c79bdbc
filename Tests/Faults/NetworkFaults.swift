import Foundation
import Sales
import Storage

extension Fault {
    static let network = [
        Fault("F17", "every second answer is lost", short: 1, full: 20, bite: .repeatAnew) {
            trial in
            let site = try trial.site()
            let server = try site.serve()
            let proxy = try Proxy(to: server.port) { $0 % 2 == 1 ? .dropAnswer : .pass }
            for register in site.registers {
                for _ in 0..<5 {
                    let sale = try register.sign()
                    site.history.post(sale)
                    site.history.deliver(sale, to: proxy.port)
                }
            }
            proxy.stop()
            try trial.finish(site, server)
        },
        Fault(
            "F18", "requests delivered twice, late and out of order", short: 1, full: 20,
            bite: .repeatAnew
        ) { trial in
            let site = try trial.site()
            let server = try site.serve()
            let seed = trial.any(0...1_000_000)
            let proxy = try Proxy(to: server.port) { number in
                switch (number &* 7_919 &+ seed) % 3 {
                case 0: .duplicate
                case 1: .delay(milliseconds: (number &* 31 &+ seed) % 200)
                default: .pass
                }
            }
            let group = DispatchGroup()
            for register in site.registers.prefix(4) {
                let sales = try (0..<12).map { _ in try register.sign() }
                for sale in sales.shuffled(using: &trial.random) {
                    site.history.post(sale)
                    Thread.run(in: group) { [history = site.history] in
                        history.deliver(sale, to: proxy.port)
                    }
                }
            }
            group.wait()
            proxy.stop()
            try trial.finish(site, server)
        },
        Fault(
            "F19", "connection cut at each byte of a sale", short: 1, full: 1, bite: .repeatAnew
        ) { trial in
            let site = try trial.site()
            let server = try site.serve()
            let sale = try site.registers[0].sign()
            site.history.post(sale)
            let whole = Wire.bytes("POST", "/v1/yards/hof-1/envelopes", sale.body).count
            let offsets = Array(stride(from: 0, to: whole, by: trial.isShort ? 61 : 1))
            let proxy = try Proxy(to: server.port) { number in
                number <= offsets.count ? .cut(after: offsets[number - 1]) : .duplicate
            }
            for _ in offsets { site.history.deliver(sale, to: proxy.port, attempts: 1) }
            trial.note("cuts", Double(offsets.count))
            try trial.check(site, .recovered)
            if trial.figures["unheard"] != 0 { trial.complain("I4: half a request was recorded") }
            site.history.deliver(sale, to: proxy.port)
            proxy.stop()
            try trial.finish(site, server)
        },
    ]
}

extension History {
    /// Sends a sale on a connection of its own, again and again until it is answered.
    fileprivate func deliver(_ sale: SignedSale, to port: Int, attempts: Int = 20) {
        for _ in 0..<attempts {
            let answer = Wire(port: port)?.request(
                "POST", "/v1/yards/hof-1/envelopes", sale.body)
            if let answer {
                tell(answer, sale)
                if [200, 201].contains(answer.status) { return }
            }
        }
        if attempts > 1 { complain("\(sale.reference.receiptNumber) got no answer") }
    }
}
