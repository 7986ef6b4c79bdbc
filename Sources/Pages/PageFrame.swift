/// A labelled way to another page.
package struct PageLink: Hashable, Sendable {
    /// What people read.
    package let label: String
    /// Path and query on the same server, or a full address.
    package let path: String
    /// Whether it leads to the page it stands on.
    package let isCurrent: Bool

    /// A link to `path`.
    package init(_ label: String, _ path: String, isCurrent: Bool = false) {
        self.label = label
        self.path = path
        self.isCurrent = isCurrent
    }
}

/// Who is signed in, as the header shows it.
package struct SignedInPerson: Hashable, Sendable {
    /// The person's name, not the sign-in name.
    package let name: String
    /// The role in German, such as `Kasse`.
    package let role: String
    /// Where the form "Abmelden" posts to; nil where there is no session to end.
    package let signOutPath: String?

    /// A person with the role that matters on this page.
    package init(name: String, role: String, signOutPath: String?) {
        self.name = name
        self.role = role
        self.signOutPath = signOutPath
    }
}

/// What stands around a page: town, yard, navigation, person, footer.
package struct PageFrame: Sendable {
    /// Light or dark; `automatic` follows the person's system.
    package enum Theme: String, Hashable, Sendable, CaseIterable {
        case automatic = "auto"
        case light
        case dark
    }

    /// Which kind of program shows the page; the terminal has larger type and targets.
    package enum Kind: String, Hashable, Sendable {
        case console
        case terminal
    }

    let town: String
    let yard: String?
    let kind: String
    let theme: String
    let navigation: [PageLink]
    let hasNavigation: Bool
    let person: SignedInPerson?
    let back: PageLink?
    let notice: String?
    let footer: [PageLink]
    let csrf: String
    let session: String?

    /// - Parameters:
    ///   - town: the town or its company, first in the header.
    ///   - yard: the yard's name; nil on pages of all yards.
    ///   - navigation: empty before sign-in.
    ///   - back: the way to the page above; nil at the top.
    ///   - notice: a sentence above every page, such as that a demonstration takes no money.
    ///   - csrf: the session's token against forged requests, in every form as `csrf`.
    ///   - session: the path that prolongs the session when asked for; nil where none ends.
    package init(
        town: String, yard: String? = nil, kind: Kind = .console, theme: Theme = .automatic,
        navigation: [PageLink] = [], person: SignedInPerson? = nil, back: PageLink? = nil,
        notice: String? = nil, footer: [PageLink] = [], csrf: String = "",
        session: String? = nil
    ) {
        self.town = town
        self.yard = yard
        self.kind = kind.rawValue
        self.theme = theme.rawValue
        self.navigation = navigation
        self.hasNavigation = !navigation.isEmpty
        self.person = person
        self.back = back
        self.notice = notice
        self.footer = footer
        self.csrf = csrf
        self.session = session
    }
}
