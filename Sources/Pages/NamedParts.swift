package import Mustache

/// A part of a page that stands there many times, such as a row of a long table: it hands its parts
/// to the template by name, where every other value is searched by reflection.
package protocol NamedParts: MustacheParent, Sendable {
    /// The part that the template calls `name`; nil if there is none.
    func child(named name: String) -> Any?
}
