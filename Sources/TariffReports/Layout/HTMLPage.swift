import Text

/// A complete page that needs nothing else: no scripts, no fonts, no pictures.
struct HTMLPage {
    let title: String
    let body: [Markup]

    /// The page in UTF-8 text.
    var source: String {
        let head = """
            <!DOCTYPE html>
            <html lang="de">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(title.markupEscaped())</title>
            <style>
            \(Self.style)
            </style>
            </head>
            <body>
            """
        return head + "\n" + body.map(\.source).joined(separator: "\n") + "\n</body>\n</html>\n"
    }

    private static let style = """
        :root { color-scheme: light dark; --ink: #1a1a1a; --paper: #ffffff; --line: #767676;
          --soft: #f0f2ee; --quiet: #4d4d4d; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #ececec; --paper: #161816; --line: #8a8f88; --soft: #262a26;
            --quiet: #bdbdbd; }
        }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 1.5rem; max-width: 62rem; color: var(--ink);
          background: var(--paper); font: 1rem/1.5 system-ui, "Noto Sans", "DejaVu Sans",
          sans-serif; }
        h1 { font-size: 1.8rem; line-height: 1.2; margin: 0 0 .5rem; }
        h2 { font-size: 1.4rem; margin: 2rem 0 .5rem; border-bottom: 2px solid var(--line); }
        h3 { font-size: 1.15rem; margin: 1.5rem 0 .25rem; }
        p, ul, dl { margin: .25rem 0; }
        dt { font-weight: 600; }
        dd { margin: 0 0 .25rem 1rem; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; margin: .5rem 0; }
        caption { text-align: left; color: var(--quiet); font-size: .9rem; }
        th, td { border: 1px solid var(--line); padding: .35rem .5rem; text-align: left;
          vertical-align: top; overflow-wrap: break-word; }
        thead th { background: var(--soft); }
        td ul { padding-left: 1.1rem; }
        table.prices { table-layout: fixed; }
        table.prices th:nth-child(1) { width: 24%; }
        table.prices th:nth-child(2) { width: 34%; }
        table.prices th:nth-child(4) { width: 16%; }
        .price { font-weight: 600; font-variant-numeric: tabular-nums; }
        .quiet { color: var(--quiet); font-size: .9rem; }
        .notice { border-left: 4px solid var(--line); padding-left: .75rem; }
        .wrong { font-weight: 700; text-decoration: underline; }
        .signature { min-width: 8rem; }
        @media (max-width: 40rem) { body { padding: .75rem; } table { min-width: 34rem; } }
        @page { margin: 15mm; }
        @media print {
          :root { --ink: #000; --paper: #fff; --line: #000; --soft: #fff; --quiet: #000; }
          body { max-width: none; padding: 0; font-size: 10pt; }
          .scroll { overflow: visible; }
          table { min-width: 0; }
          h2, h3 { break-after: avoid; }
          section.fraction, tr { break-inside: avoid; }
          thead { display: table-header-group; }
        }
        """
}
