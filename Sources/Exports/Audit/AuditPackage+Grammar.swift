extension AuditPackage {
    /// The grammar of index.xml, in our own words; it accepts and refuses what the grammar of the
    /// description standard of 2004 does. The content of `Media` is told so that each element
    /// decides alone what comes next, which XML wants and that grammar does not do.
    static let grammar = """
        <?xml version="1.0" encoding="UTF-8"?>
        <!-- How index.xml describes tables for an auditor: version 1.5 of September 2004. -->

        <!-- Structure -->
        <!ELEMENT DataSet (Extension*, Version, DataSupplier?, Command*, Media+, Command*)>
        <!ELEMENT Extension (Name, URL)>
        <!ELEMENT DataSupplier (Name, Location, Comment)>
        <!ELEMENT Media (Name, Command*, (Table+, Command*)?, AcceptNoTables?)>
        <!ELEMENT Table (URL, Name?, Description?, Validity?,
          (ANSI | Macintosh | OEM | UTF16 | UTF7 | UTF8)?, (DecimalSymbol, DigitGroupingSymbol)?,
          SkipNumBytes?, Range?, Epoch?, (VariableLength | FixedLength))>
        <!ELEMENT Validity (Range, Format?)>
        <!ELEMENT Range (From, (To | Length)?)>
        <!ELEMENT FixedRange (From, (To | Length))>
        <!ELEMENT Date (Format?)>
        <!ELEMENT Numeric ((ImpliedAccuracy | Accuracy)?)>
        <!ELEMENT VariableLength (ColumnDelimiter?, RecordDelimiter?, TextEncapsulator?,
          ((VariablePrimaryKey+, VariableColumn*) | VariableColumn+), ForeignKey*)>
        <!ELEMENT VariablePrimaryKey (Name, Description?,
          (Numeric | (AlphaNumeric, MaxLength?) | Date), Map*)>
        <!ELEMENT VariableColumn (Name, Description?,
          (Numeric | (AlphaNumeric, MaxLength?) | Date), Map*)>
        <!ELEMENT FixedLength ((Length | RecordDelimiter)?,
          ((FixedPrimaryKey+, FixedColumn*) | FixedColumn+), ForeignKey*)>
        <!ELEMENT FixedPrimaryKey (Name, Description?,
          (Numeric | AlphaNumeric | Date), Map*, FixedRange)>
        <!ELEMENT FixedColumn (Name, Description?,
          (Numeric | AlphaNumeric | Date), Map*, FixedRange)>
        <!ELEMENT ForeignKey (Name+, References, Alias*)>
        <!ELEMENT Alias (From, To)>
        <!ELEMENT Map (Description?, From, To)>

        <!-- Texts -->
        <!ELEMENT Version (#PCDATA)>
        <!ELEMENT Location (#PCDATA)>
        <!ELEMENT Comment (#PCDATA)>
        <!ELEMENT Length (#PCDATA)>
        <!ELEMENT References (#PCDATA)>
        <!ELEMENT From (#PCDATA)>
        <!ELEMENT To (#PCDATA)>
        <!ELEMENT AcceptNoTables (#PCDATA)>
        <!ELEMENT MaxLength (#PCDATA)>
        <!ELEMENT TextEncapsulator (#PCDATA)>
        <!ELEMENT Accuracy (#PCDATA)>
        <!ELEMENT ImpliedAccuracy (#PCDATA)>
        <!ELEMENT Format (#PCDATA)>
        <!ELEMENT DecimalSymbol (#PCDATA)>
        <!ELEMENT DigitGroupingSymbol (#PCDATA)>
        <!ELEMENT Command (#PCDATA)>
        <!ELEMENT URL (#PCDATA)>
        <!ELEMENT Description (#PCDATA)>
        <!ELEMENT Name (#PCDATA)>
        <!ELEMENT Epoch (#PCDATA)>
        <!ELEMENT ColumnDelimiter (#PCDATA)>
        <!ELEMENT RecordDelimiter (#PCDATA)>
        <!ELEMENT SkipNumBytes (#PCDATA)>

        <!-- Marks -->
        <!ELEMENT AlphaNumeric EMPTY>
        <!ELEMENT ANSI EMPTY>
        <!ELEMENT Macintosh EMPTY>
        <!ELEMENT OEM EMPTY>
        <!ELEMENT UTF16 EMPTY>
        <!ELEMENT UTF7 EMPTY>
        <!ELEMENT UTF8 EMPTY>

        """
}
