/// What is wrong with an auditor's package, where, and in which words.
package struct PackageProblem: Hashable, Sendable {
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// index.xml is not in the package.
        case indexMissing = "G-E01"
        /// index.xml is not well formed, or holds what we refuse to read.
        case indexMalformed = "G-E02"
        /// index.xml is not UTF-8.
        case indexEncoding = "G-E03"
        /// index.xml names no grammar, or another one.
        case grammarOther = "G-E04"
        /// The grammar's file is not in the package.
        case grammarMissing = "G-E05"
        /// The grammar's file is not the one that we write.
        case grammarAltered = "G-E06"
        /// Declarations inside index.xml.
        case declarations = "G-E07"
        /// An element that the grammar does not know.
        case elementUnknown = "G-E08"
        /// An element whose content is not what the grammar wants.
        case contentWrong = "G-E09"
        /// An attribute.
        case attribute = "G-E10"
        /// A file name with a folder, a scheme or a step upward.
        case addressOutside = "G-E11"
        /// Two tables in the same file.
        case addressTwice = "G-E12"
        /// A file that index.xml names is not in the package.
        case fileMissing = "G-E13"
        /// A file that index.xml does not name.
        case fileUnnamed = "G-E14"
        /// A table without the mark for UTF-8.
        case encodingMark = "G-E15"
        /// Other signs for decimals and groups than comma and full stop.
        case signsOther = "G-E16"
        /// Data do not begin in the second row.
        case rangeOther = "G-E17"
        /// Other separators than semicolon, CR LF and quotation mark.
        case separatorsOther = "G-E18"
        /// Two columns of one name.
        case columnTwice = "G-E19"
        /// A table without a key.
        case keyless = "G-E20"
        /// A link to a table that does not exist, or by other columns than its key.
        case linkUnknown = "G-E21"
        /// A link by a column that the table does not have.
        case linkColumn = "G-E22"
        /// A table of ours is missing, or there is one too many.
        case tableSet = "G-E23"
        /// A table has other columns than ours.
        case columnSet = "G-E24"
        /// A table file is not UTF-8, or begins with a byte order mark.
        case tableEncoding = "G-E25"
        /// The first row does not name the columns.
        case headingWrong = "G-E26"
        /// A row that does not end with CR LF.
        case rowEnd = "G-E27"
        /// A row with more or fewer cells than columns.
        case cellCount = "G-E28"
        /// Quotation marks that do not fit: missing, not closed, or something behind them.
        case quotes = "G-E29"
        /// A control character or line break in a text.
        case control = "G-E30"
        /// A number that is none, or has a leading zero, a sign too many or a group mark.
        case number = "G-E31"
        /// A number with other decimals than index.xml says.
        case decimals = "G-E32"
        /// A date that is none.
        case date = "G-E33"
        /// A key that stands twice.
        case keyTwice = "G-E34"
        /// A key without a value.
        case keyEmpty = "G-E35"
        /// A link that leads to no row.
        case linkBroken = "G-E36"
        /// Debits and credits of a record differ.
        case unbalanced = "G-E37"
        /// Tax blocks and lines of a record do not add up to the same.
        case taxDiffers = "G-E38"
        /// The records of a close do not add up to its turnover.
        case turnoverDiffers = "G-E39"
        /// The running total does not go on.
        case grandTotal = "G-E40"
        /// A number of a close is missing.
        case closeGap = "G-E41"
        /// A close does not begin where the one before ends, or a record lies outside its close.
        case positions = "G-E42"
        /// A posting to an account that the close's plan does not name.
        case accountUnknown = "G-E43"
        /// Something remains between journal and card terminal, or its total is not known, and no
        /// reason stands there.
        case reasonMissing = "G-E44"
        /// Counted and approved by the same person.
        case samePerson = "G-E45"
        /// The archive cannot be read.
        case archive = "G-E46"
        /// The archive holds folders.
        case archiveFolder = "G-E47"
        /// The archive holds a name twice.
        case archiveTwice = "G-E48"
        /// The lines of a record do not add up to its amount.
        case receiptDiffers = "G-E49"
        /// Quantity and price of a unit do not give the amount of a line.
        case priceDiffers = "G-E50"
        /// What a record takes back stands otherwise in the table of that, or not at all.
        case reversalDiffers = "G-E51"
        /// A void or refund without a reason or without a person.
        case reversalUnreasoned = "G-E52"
        /// The batch cuts of a card terminal do not add up to what was counted, or a total stands
        /// where none is known.
        case cutsDiffer = "G-E53"
        /// The lines of a tariff are others than its row says.
        case tariffDiffers = "G-E54"
        /// A number is missing in the register of exports.
        case exportGap = "G-E55"
        /// An export with other files than it names, or a file without a hash.
        case exportFiles = "G-E56"
        /// A clearing balance does not go on, or differs from its postings.
        case clearingDiffers = "G-E57"
        /// The list of files lacks one, or names one that is not there.
        case fileListDiffers = "G-E58"
        /// A file has another hash, size or number of rows than the list says.
        case fileDiffers = "G-E59"
        /// The list of programs does not fit the closes.
        case programsDiffer = "G-E60"
        /// A difference is not card terminal less journal with what was brought forward.
        case differenceWrong = "G-E61"
        /// A card terminal with more or fewer batch cuts than it names, or that is known here and
        /// not known there.
        case cardTerminalDiffers = "G-E62"
        /// The numbers of the batch cuts show something else than the findings about them say.
        case cutFindingsDiffer = "G-E63"
        /// The card payments do not add up to what the journal has for a card terminal.
        case cardPaymentsDiffer = "G-E64"
        /// A number of a terminal stands twice, outside the numbers of its close, or among those
        /// that never arrived.
        case numbersDiffer = "G-E65"
        /// The closes of an export stand otherwise in the table of them.
        case exportClosesDiffer = "G-E66"
        /// A delivery without a sale, a resolution or a flag stands in one of its two tables alone.
        case detailDiffers = "G-E67"
    }

    package let code: Code
    package let file: String
    /// The row of a table, counted from 1 with the heading; of index.xml the line.
    package let row: Int?
    package let words: String

    package init(_ code: Code, _ file: String, row: Int? = nil, _ words: String) {
        self.code = code
        self.file = file
        self.row = row
        self.words = words
    }
}

extension PackageProblem: CustomStringConvertible {
    package var description: String {
        "\(code.rawValue) \(file)\(row.map { ", row \($0)" } ?? ""): \(words)"
    }
}
