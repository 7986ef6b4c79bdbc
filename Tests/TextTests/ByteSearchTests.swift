import Testing
import Text

struct ByteSearchTests {
    /// Bytes that differ from the wanted one by little are where a search by words goes wrong.
    @Test(arguments: [0, 1, 0x0A, 0x2E, 0x7F, 0x80, 0xFF] as [UInt8])
    func `a byte is found at every place, from every place`(byte: UInt8) {
        for others in [byte &+ 1, byte &- 1, byte ^ 0x80, ~byte] {
            for place in 0..<20 {
                var bytes = [UInt8](repeating: others, count: 21)
                bytes[place] = byte

                for start in 0...place { #expect(bytes.place(of: byte, from: start) == place) }
                #expect(bytes.place(of: byte, from: place + 1) == nil)
                bytes[20] = byte
                #expect(bytes.place(of: byte, from: place + 1) == 20)
            }
        }
    }

    @Test func `nothing is found in nothing`() {
        #expect([UInt8]().place(of: 0, from: 0) == nil)
        #expect([1].place(of: 1, from: 1) == nil)
    }
}
